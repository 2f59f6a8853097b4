//! Programs handed to the device, in submits that are short enough for its watchdog.
//!
//! Not here: the programs (`program.rs`), portions that a cancel waits for (`portions.rs`).

use std::ops::Range;

use super::device::{Buffer, Gpu};
use super::program::{Dispatch, Program};

/// Commands on their way to the device, in submits that are short enough for its watchdog.
pub struct Recorder<'a> {
    gpu: &'a Gpu,
    encoder: wgpu::CommandEncoder,
    work: u64,
}

impl<'a> Recorder<'a> {
    /// Nothing yet.
    #[must_use]
    pub fn new(gpu: &'a Gpu) -> Self {
        Self { gpu, encoder: gpu.encoder(), work: 0 }
    }

    /// All dispatches of a program, `times` over; several submits where one would be too long.
    pub fn run(&mut self, program: &Program, times: usize) {
        self.run_list((0..times).flat_map(|_| &program.dispatches));
    }

    /// Some dispatches of a program, in the same way.
    pub fn run_part(&mut self, program: &Program, part: Range<usize>) {
        self.run_list(program.dispatches[part].iter());
    }

    fn run_list<'b>(&mut self, list: impl Iterator<Item = &'b Dispatch>) {
        let (limit, mut list) = (self.gpu.work_per_submit(), list.peekable());
        while list.peek().is_some() {
            let mut pass = self.encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            while let Some(next) = list.next_if(|next| self.work == 0 || self.work + next.work <= limit) {
                self.gpu.dispatch(&mut pass, &next.bound, next.grid);
                self.work += next.work.max(1);
            }
            drop(pass);
            if list.peek().is_some() {
                self.flush();
            }
        }
    }

    /// Fills the first `bytes` of a buffer (all without a number) with zeros.
    pub fn clear(&mut self, buffer: &Buffer, bytes: Option<u64>) {
        self.encoder.clear_buffer(buffer.raw(), 0, bytes);
    }

    /// Copies the first `bytes` of a buffer.
    pub fn copy(&mut self, from: &Buffer, to: &Buffer, bytes: u64) {
        self.copy_to(from, to, 0, bytes);
    }

    /// Copies the first `bytes` of a buffer to a place in another.
    pub fn copy_to(&mut self, from: &Buffer, to: &Buffer, offset: u64, bytes: u64) {
        self.encoder.copy_buffer_to_buffer(from.raw(), 0, to.raw(), offset, bytes);
    }

    fn flush(&mut self) {
        let full = std::mem::replace(&mut self.encoder, self.gpu.encoder());
        self.gpu.submit(full);
        self.work = 0;
    }

    /// Hands over what is left.
    pub fn submit(self) {
        self.gpu.submit(self.encoder);
    }
}
