//! Every shader read by naga: it compiles, and its bindings, parameters and workgroup are those of the Rust table.
//!
//! Not here: what the kernels compute (`kernels.rs`), and browsers' own compilers.

use std::collections::BTreeSet;
use std::path::Path;

use soft_thinking_lab::engine::gpu::kernels::{Access, KERNELS, KernelSpec, MAX_STORAGE_BUFFERS};
use soft_thinking_lab::engine::gpu::params::fields;
use wgpu::naga::valid::{Capabilities, ValidationFlags, Validator};
use wgpu::naga::{AddressSpace, Module, ScalarKind, StorageAccess, TypeInner, front::wgsl};

fn parse(spec: &KernelSpec) -> Module {
    let source = spec.source();
    let module = wgsl::parse_str(&source).unwrap_or_else(|e| panic!("{}: {}", spec.name, e.emit_to_string(&source)));
    // No capability beyond the base language: no subgroups, no f16. `unpack2x16float` is of the base language; naga names it for old OpenGL.
    let mut validator = Validator::new(ValidationFlags::all(), Capabilities::SHADER_FLOAT16_IN_FLOAT32);
    validator.validate(&module).unwrap_or_else(|e| panic!("{}: {}", spec.name, e.emit_to_string(&source)));
    module
}

fn files(folder: &str) -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = std::fs::read_dir(root).unwrap().flatten().filter(|entry| entry.path().is_file());
    entries.map(|entry| entry.file_name().into_string().unwrap()).collect()
}

#[test]
fn the_table_lists_every_file() {
    let listed: BTreeSet<String> = KERNELS.iter().map(|spec| format!("{}.wgsl", spec.name)).collect();
    assert_eq!(listed, files("shaders"));
    assert_eq!(listed.len(), KERNELS.len());
    for (index, spec) in KERNELS.iter().enumerate() {
        assert_eq!(spec.kernel as usize, index, "{}", spec.name);
    }
}

#[test]
fn bindings_and_workgroups_are_those_of_the_table() {
    for spec in KERNELS {
        let module = parse(spec);
        let [entry] = module.entry_points.as_slice() else { panic!("{}: one entry point", spec.name) };
        assert_eq!((entry.name.as_str(), entry.workgroup_size), ("main", spec.workgroup), "{}", spec.name);
        let mut bindings: Vec<(u32, Option<Access>)> = Vec::new();
        for (_, variable) in module.global_variables.iter() {
            let Some(binding) = &variable.binding else { continue };
            assert_eq!(binding.group, 0, "{}", spec.name);
            let access = match variable.space {
                AddressSpace::Storage { access } if access == StorageAccess::LOAD => Some(Access::Read),
                AddressSpace::Storage { .. } => Some(Access::Write),
                AddressSpace::Uniform => None,
                other => panic!("{}: a binding in {other:?}", spec.name),
            };
            bindings.push((binding.binding, access));
        }
        bindings.sort_by_key(|(index, _)| *index);
        let expected: Vec<(u32, Option<Access>)> =
            (0..).zip(spec.bindings.iter().map(|access| Some(*access)).chain([None])).collect();
        assert_eq!(bindings, expected, "{}", spec.name);
        assert!(spec.bindings.len() as u32 <= MAX_STORAGE_BUFFERS, "{}", spec.name);
    }
}

#[test]
fn params_are_the_rust_structs_field_for_field() {
    let mut checked = 0;
    for spec in KERNELS {
        let module = parse(spec);
        let (_, params) = module.global_variables.iter().find(|(_, v)| v.space == AddressSpace::Uniform).unwrap();
        assert_eq!(params.name.as_deref(), Some("params"), "{}", spec.name);
        let TypeInner::Struct { members, .. } = &module.types[params.ty].inner else { panic!("{}", spec.name) };
        let found: Vec<(&str, &str, usize)> = members
            .iter()
            .map(|member| {
                let TypeInner::Scalar(scalar) = module.types[member.ty].inner else {
                    panic!("{}: {:?} is not a scalar", spec.name, member.name)
                };
                let kind = match (scalar.kind, scalar.width) {
                    (ScalarKind::Uint, 4) => "u32",
                    (ScalarKind::Float, 4) => "f32",
                    other => panic!("{}: {:?} is a {other:?}", spec.name, member.name),
                };
                (member.name.as_deref().unwrap(), kind, member.offset as usize)
            })
            .collect();
        assert_eq!(found, fields(spec.kernel), "{}", spec.name);
        checked += found.len();
    }
    assert!(checked > 60, "only {checked} fields were compared");
}

#[test]
fn workgroup_memory_is_what_every_device_has() {
    for spec in KERNELS {
        let module = parse(spec);
        let variables = module.global_variables.iter().filter(|(_, v)| v.space == AddressSpace::WorkGroup);
        let bytes: u32 =
            variables.map(|(_, v)| module.types[v.ty].inner.size(module.to_ctx()).next_multiple_of(16)).sum();
        assert!(bytes <= 16_384, "{}: {bytes} bytes of workgroup memory", spec.name);
    }
}

#[test]
fn heads_say_what_a_reader_needs_and_no_kernel_leaves_before_a_barrier() {
    for spec in KERNELS {
        let source = spec.source();
        let file = spec.parts.last().unwrap();
        let head: String = file.lines().take_while(|line| line.starts_with("//")).collect();
        for word in ["One workgroup", "Mirrors", "Launcher"] {
            assert!(head.contains(word), "{}: the head lacks `{word}`", spec.name);
        }
        for word in ["enable ", "subgroup", "f16", "requires "] {
            assert!(!source.contains(word), "{}: `{word}` is not in the base language", spec.name);
        }
        if source.contains("Barrier()") {
            let main = file.split("fn main").nth(1).unwrap();
            assert!(!main.contains("return"), "{}: a return in a kernel with barriers", spec.name);
        }
        // A storage value around a barrier is made uniform first: Chromium refuses it otherwise.
        assert!(file.lines().count() <= 230, "{} is too long to read", spec.name);
    }
}
