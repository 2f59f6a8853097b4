import{a as e,i as t,n,o as r,r as i,s as a,t as o}from"./site-nav-Cj-PsG-H.js";import{a as s,i as c,n as l,o as u,r as d,s as f,t as p}from"./theme-KwEPNdXZ.js";import{LabError as m,createLab as h,isKept as g,isResult as _,probe as v}from"../soft-thinking-lab.js";var y={name:`soft`,settings:{kind:`soft`}},b={name:`discrete`,settings:{kind:`discrete`}};function x(e){return e.settings.kind===`discrete`?`discrete`:`soft`}var S=[`discrete`,`soft`,`soft_tokens`,`multiplex`,`inference`];function C({name:e,policy:t}){return/^(hard|soft|fuzzy)-(greedy|sample)$/.test(e)?`inference`:t.kind}var w=[`temperature`,`top_k`,`top_p`,`min_p`],T=[`answer.temperature`,`answer.top_k`,`answer.top_p`,`answer.min_p`],E={discrete:[...w,`pause_length`,`max_thought_length`,...T],soft:[...w,`soft_top_k`,`noise`,`gumbel_temperature`,`noise_scale`,`noise_clamp`,`log_epsilon`,`dirichlet_alpha`,`noise_before_top_k`,`cold_stop_entropy`,`cold_stop_length`,`max_thought_length`,...T],soft_tokens:[`temperature`,`embedding_noise`,`max_thought_length`,...T],multiplex:[...w,`multiplex_width`,`weighted`,`max_thought_length`,...T]};function D(){return[...new Set(Object.values(E).flat())]}var O={gumbel_temperature:`gumbel`,noise_scale:`gumbel`,noise_clamp:`gumbel`,log_epsilon:`gumbel`,dirichlet_alpha:`dirichlet`},ee=[`gumbel`,`dirichlet`,`gaussian`];function te(e){let t={temperature:1,top_k:0,top_p:1,min_p:0};if(e.answer)return{...t,...e.answer};if(e.kind===`soft_tokens`)return t;let{temperature:n=1,top_k:r=0,top_p:i=1,min_p:a=0}=e;return{temperature:n,top_k:r,top_p:i,min_p:a}}function k(e,t={}){let n=e.kind===`soft`?t.noise??e.noise??`gumbel`:void 0,r={...e};for(let[t,n]of Object.entries(te(e)))r[`answer.${t}`]=n;return E[e.kind].flatMap(e=>{let t=O[e],i=r[e];return(typeof i==`number`||typeof i==`boolean`||typeof i==`string`)&&(t===void 0||t===n)?[{key:e,value:i}]:[]})}function ne(e,t,n){let r=oe(t);return Object.keys(r).length===0?e:{preset:e,...re(r,n)}}function re(e,t){let n=Object.entries(e).filter(([e])=>!e.startsWith(`answer.`));if(n.length===Object.keys(e).length)return e;let r=te({...t??{kind:`discrete`},...Object.fromEntries(n)});for(let[t,n]of Object.entries(e))t.startsWith(`answer.`)&&(r[t.slice(7)]=n);return{...Object.fromEntries(n),answer:r}}function ie({name:e,policy:t},n){let r=oe(n);return{name:e,settings:{...t,...re(r,t)},own:r}}function ae(e,t,n){let r=t.find(t=>t.name===e);return r===void 0?y:ie(r,n)}function oe(e){let t={};for(let[n,r]of Object.entries(e)){let e=r.trim();if(e===``)continue;let i=Number(e);t[n]=se.has(e)?se.get(e)??null:Number.isNaN(i)?e:i}return t}var se=new Map([[`true`,!0],[`false`,!1],[`null`,null]]);function A(e,t){let{settings:n}=e;if(n.kind===`soft_tokens`&&t.candidates.length>1)return{why:`shadow`};let r=n.max_thought_length??0;if(r>0&&t.step+1>=r)return{why:`length`,steps:r};let{cold_stop_length:i=0,cold_stop_entropy:a=0}=n.kind===`soft`?n:{};return i>0?{why:`cold`,steps:i,entropy:a}:{why:`length`,steps:t.step+1}}function j({candidates:e,mixture:t}){let n=new Map;return e.forEach((e,r)=>n.set(e,(n.get(e)??0)+(t[r]??0))),[...n].map(([e,t])=>({text:e,weight:t})).sort((e,t)=>t.weight-e.weight)}var M=[`soft_grpo`,`grpo`,`soft_tokens`,`multiplex`];function ce({objective:e}){return M.find(t=>t===e)??`soft_grpo`}function N({name:e,config:t}){return{objective:ce(t),preset:e}}function P(e){let{preset:t}=e;return{objective:ce(e),preset:typeof t==`string`?t:void 0}}function le(e){return e===`grpo`?`discrete`:`soft`}var ue={soft_grpo:`soft`,grpo:`discrete`,soft_tokens:`soft-tokens`,multiplex:`multiplex`};function de(e,t){let n=e.preset,r=t.find(({name:e})=>e===n)??t.find(({name:t})=>t===ue[e.objective]);return r===void 0?le(e.objective)===`soft`?y:b:ie(r,{})}function fe({method:e,config:t={}}){let{objective:n}=e,r=n===`grpo`?`discrete`:n===`soft_grpo`?`soft`:n,{noise:i}=t,a=ue[n];return r===`soft`?{name:a,settings:{kind:r,noise:i===`dirichlet`||i===`gaussian`?i:`gumbel`}}:{name:a,settings:{kind:r}}}var pe=[`learning_rate`,`num_generations`,`generation_batch_size`,`beta`,`epsilon`,`temperature`,`gumbel_temperature`,`embedding_noise`,`multiplex_width`,`pause_length`,`max_completion_length`,`eval_steps`,`seed`],me={sampling:[`top_k`,`top_p`,`min_p`,`answer_temperature`,`answer_top_k`,`answer_top_p`,`answer_min_p`,`max_thought_length`,`soft_top_k`,`noise`,`noise_clamp`,`log_epsilon`,`density_reduction`,`density_mask`,`published_rebuild`,`embedding_gradient`,`multiplex_weighted`,`input_gradient`],reward:[`baseline`,`scale_rewards`,`format_reward`,`soft_punish_cache`,`mask_truncated_completions`,`dynamic_sampling`,`max_num_gen_batches`],loss:[`loss_type`,`surrogate`,`importance_sampling_level`,`epsilon_high`,`dual_clip`,`entropy_coef`,`kl_estimator`,`use_kl_in_reward`,`sync_ref_model`,`ref_model_mixup_alpha`,`ref_model_sync_steps`],optimiser:[`steps_per_generation`,`num_iterations`,`per_device_train_batch_size`,`adam_beta1`,`adam_beta2`,`adam_epsilon`,`weight_decay`,`max_grad_norm`],watching:[`eval_questions`,`eval_samples`,`collapse_watch`,`collapse_reward_drop`,`collapse_entropy_share`,`collapse_kl`]},he=Object.keys(me),ge={pause_length:[`grpo`],top_k:[`grpo`,`soft_grpo`,`multiplex`],top_p:[`grpo`,`soft_grpo`,`multiplex`],min_p:[`grpo`,`soft_grpo`,`multiplex`],soft_top_k:[`soft_grpo`],noise:[`soft_grpo`],gumbel_temperature:[`soft_grpo`],noise_clamp:[`soft_grpo`],log_epsilon:[`soft_grpo`],density_reduction:[`soft_grpo`],density_mask:[`soft_grpo`],published_rebuild:[`soft_grpo`],embedding_noise:[`soft_tokens`],embedding_gradient:[`soft_tokens`],multiplex_width:[`multiplex`],multiplex_weighted:[`multiplex`]},_e=[`true`,`false`],ve={noise:[`gumbel`,`dirichlet`,`gaussian`],density_reduction:[`mean`,`sum`],baseline:[`group_mean`,`leave_one_out`,`none`],scale_rewards:[`group`,`batch`,`none`],loss_type:[`grpo`,`bnpo`,`dapo`,`dr_grpo`],surrogate:[`clipped`,`score_function`],importance_sampling_level:[`token`,`sequence`],kl_estimator:[`k1`,`k2`,`k3`],noise_clamp:_e,density_mask:_e,published_rebuild:_e,embedding_gradient:_e,multiplex_weighted:_e,input_gradient:_e,mask_truncated_completions:_e,dynamic_sampling:_e,use_kl_in_reward:_e,sync_ref_model:_e,collapse_watch:_e};function ye(e){return t=>ge[t]?.includes(e)??!0}function be(e){return pe.filter(ye(e))}function xe(e,t){return me[t].filter(ye(e))}function Se(e){return[...be(e),...he.flatMap(t=>xe(e,t))]}function Ce(){return[...pe,...he.flatMap(e=>me[e])]}var we=[`auto`,`cpu`,`gpu`],F=`endless`,I=500,Te=60,Ee=`policy.`,De=`train.`,Oe={task:(e,t)=>ke(/^[a-z0-9_]{1,60}$/.test(e),()=>t.task=e),difficulty:(e,t)=>ke(je(e),()=>t.difficulty=Number(e)),question:(e,t)=>ke(je(e),()=>t.questionSeed=Number(e)),ask:(e,t)=>ke(e!==``&&e.length<=I&&!/\p{Cc}/u.test(e),()=>t.typed=e),seed:(e,t)=>ke(je(e),()=>t.seed=Number(e)),policy:(e,t)=>ke(Me(e),()=>t.policy=e),method:(e,t)=>ke(Me(e),()=>t.method=Ne(e)),steps:(e,t)=>ke(e===F||/^[1-9]\d{0,5}$/.test(e),()=>{t.stepsWanted=e===F?void 0:Number(e)}),engine:(e,t)=>Ae(we,e,e=>t.engineChoice=e),theme:(e,t)=>Ae(f,e,e=>t.theme=e)};function ke(e,t){return e&&t(),e}function Ae(e,t,n){let r=e.find(e=>e===t);return r!==void 0&&n(r),r!==void 0}function je(e){return/^\d{1,9}$/.test(e)}function Me(e){return/^[a-z0-9_-]{1,60}$/.test(e)}function Ne(e){let t=M.find(t=>t===e);return t===void 0?{objective:`soft_grpo`,preset:e}:{objective:t}}function Pe(e){return/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(e)||e===`true`||e===`false`}function Fe(e,t){return Object.hasOwn(ve,e)&&(ve[e]?.includes(t)??!1)}function Ie(e){if(Object.hasOwn(Oe,e))return Oe[e];let t=(t,n,r)=>{let i=e.slice(t.length);return(e,t)=>ke(n.includes(i)&&(Pe(e)||Fe(i,e)),()=>t[r]={...t[r],[i]:e})};if(e.startsWith(Ee))return t(Ee,D(),`policySettings`);if(e.startsWith(De))return t(De,Ce(),`settings`)}function Le(e){return e.replace(/^#/,``).split(`&`).filter(e=>e!==``).map(e=>{let[t]=new URLSearchParams(e);return{raw:e,key:t?.[0]??``,text:t?.[1]??``}})}function Re(e){let t={},n=[];for(let{raw:r,key:i,text:a}of Le(e))Ie(i)?.(a,t)===!1&&n.push(r);return{found:t,ignored:n}}function ze(e,t=``){let n=new URLSearchParams({task:e.task}),r=(e,t,r)=>{t!==void 0&&t!==r&&t!==``&&n.set(e,String(t))};r(`difficulty`,e.difficulty),r(`question`,e.questionSeed),r(`ask`,e.typed),r(`seed`,e.seed),r(`policy`,e.policy,y.name);for(let[t,n]of Object.entries(e.policySettings))r(Ee+t,n.trim());r(`method`,e.method.preset??e.method.objective,`soft_grpo`);for(let[t,n]of Object.entries(e.settings))r(De+t,n.trim());r(`steps`,e.stepsWanted??F,Te),r(`engine`,e.engineChoice,`auto`),r(`theme`,e.theme,`auto`);let i=Le(t).filter(({key:e})=>Ie(e)===void 0);return`#${[n.toString(),...i.map(({raw:e})=>e)].join(`&`)}`}function Be(){return{offline:!1,whyNot:void 0,modelKept:void 0,held:!1,update:void 0}}var Ve=`(question, expected, answer) => answer.trim() === expected ? 1 : 0`;function He(){return{kept:[],form:{name:``,jsonl:``,file:void 0,grader:`exact`,source:Ve},adding:!1,problem:void 0,said:void 0}}function Ue(){let e=Array.from({length:20},(e,t)=>[11+3*t,7+t*5%23]).map(([e,t],n)=>({question:`${e}+${t}=`,answer:String(e+t),split:n<14?`train`:`held_out`})),t=[[21,34,18],[45,27,13],[16,52,29]].map(([e=0,t=0,n=0])=>({question:`${e}+${t}+${n}=`,answer:String(e+t+n),split:`ood`}));return{name:`my_sums`,jsonl:[...e,...t].map(e=>JSON.stringify(e)).join(`
`),file:void 0,grader:`javascript`,source:`(question, expected, answer) => {
  const miss = Math.abs(Number(expected) - Number(answer));
  return miss === 0 ? 1 : miss === 1 ? 0.5 : 0;
}`}}var We=[{colour:`--soft`,dash:[]},{colour:`--good`,dash:[8,4]},{colour:`--arm-purple`,dash:[2,3]},{colour:`--attention`,dash:[10,3,2,3]},{colour:`--arm-sky`,dash:[4,2]},{colour:`--arm-brown`,dash:[12,4,4,4]}],Ge={colour:`--base`,dash:[2,4]},Ke={colour:`--discrete`,dash:[6,4]};function qe(e){let t=0,n=e.find(({curve:e})=>e.length===0);return new Map(e.map(e=>{let r=e===n?Ge:e.arm===`grpo`?Ke:Je(t++);return[e.arm,r]}))}function Je(e){let t=e=>We[e%We.length]??Ge;return{colour:t(e).colour,dash:t(e+Math.floor(e/We.length)).dash}}function Ye(e,t){return e.arms.filter(({arm:e})=>!t.includes(e))}var Xe=4;function Ze(e){if(e.length<=Xe)return[];let t=[e.find(({curve:e})=>e.length===0)?.arm,`grpo`,(e.find(({arm:e})=>e===`softgrpo-code`)??e.find(({arm:e})=>/^soft_?grpo/.test(e)))?.arm];return e.map(({arm:e})=>e).filter(e=>!t.includes(e))}function Qe(e){return[...new Set(e.arms.flatMap(({measured:e})=>e.map(({split:e})=>e)))]}function $e(e){return[`own`,...[...new Set(e.arms.flatMap(({measured:e})=>e.map(({mode:e})=>e)))].filter(e=>e!==`own`)]}function et(e,{split:t,mode:n}){return e.measured.findLast(e=>e.split===t&&e.mode===n)}function tt(e){let t=e.guessing.map(([e])=>e);return t.length===0?[]:[...new Set([Math.min(...t),Math.max(...t)])]}function nt(e,t){return e?.find(e=>e.k===t)}function rt(e,t,n){return{arm:e.arm,title:e.title,ink:t.get(e.arm)??Ge,y:n}}function it(e,t,n){let r=qe(e.arms),i=e.guessing.map(([e])=>e);return{x:i,lines:t.flatMap(e=>{let t=et(e,n)?.pass_at_k;if(t===void 0)return[];let a=e=>i.map(n=>nt(t,n)?.[e]??null);return[{...rt(e,r,a(`mean`)),low:a(`low`),high:a(`high`)}]}),guessing:e.guessing.map(([,e])=>e)}}function at(e,t,n){let r=qe(e.arms),i=t.filter(({curve:e})=>e.length>0),a=[...new Set(i.flatMap(({curve:e})=>e.map(({step:e})=>e)))].sort((e,t)=>e-t),o=i.map(e=>{let t=new Map(e.curve.map(e=>[e.step,e])),i=e=>a.map(n=>t.get(n)?.[e]??null),o=rt(e,r,i(n));return n===`reward`?{...o,low:i(`reward_low`),high:i(`reward_high`)}:o}),[s]=e.guessing;return n===`reward`&&s!==void 0&&o.length>0?{x:a,lines:o,guessing:a.map(()=>s[1])}:{x:a,lines:o}}function ot(e,t,n){let r=qe(e.arms),i=t.flatMap(e=>{let t=et(e,n)?.entropy_by_position??[];return t.length===0?[]:[{one:e,entropies:t}]}),a=Math.max(0,...i.map(({entropies:e})=>e.length)),o=Array.from({length:a},(e,t)=>t+1);return{x:o,lines:i.map(({one:e,entropies:t})=>{let n=o.map(e=>t[e-1]??null);return rt(e,r,n)})}}function st(e,t){return e<=t?Array.from({length:e},(e,t)=>t):Array.from({length:t},(n,r)=>Math.round(r*(e-1)/(t-1)))}function ct({low:e,high:t}){return e>0?`more`:t<0?`less`:`unclear`}function lt(e,t,n){let r=new Set(t.map(({arm:e})=>e)),i=[...new Set(e.contrasts.map(({b:e})=>e))];return i.flatMap((t,a)=>{let o=e.arms.find(({arm:e})=>e===t);if(o===void 0)return[];let s=i.slice(0,a),c=e.arms.flatMap(i=>{if(!r.has(i.arm)||s.includes(i.arm))return[];let a=e.contrasts.filter(e=>e.a===i.arm&&e.b===t&&e.split===n);return a.length===0?[]:[{arm:i,at:a}]});return c.length===0?[]:[{against:o,rows:c}]})}function ut(e){return Math.min(...e.map(({seeds:e})=>e.length))}function dt(e){return Math.max(.01,...e.flatMap(({low:e,high:t})=>[Math.abs(e),Math.abs(t)]))}function ft(e){return e.flatMap(e=>e.known.map(({task:t,before:n,after:r})=>{let i=r.mean-n;return{arm:e,task:t,before:n,after:r,change:i,verdict:i===0?`same`:e.seeds.length<2?`one-seed`:ct({mean:i,low:r.low-n,high:r.high-n})}}))}function pt(e,t,n){let r=e.meetings.filter(e=>e.equal===n),i=r[0]?.value;if(i!==void 0)return{value:i,rows:t.filter(({curve:e})=>e.length>0).map(e=>({arm:e,meeting:r.find(t=>t.arm===e.arm)}))}}var mt=[`task`,`difficulty`,`max_steps`,`eval_steps`,`eval_questions`,`eval_samples`];function ht(e,t){let{config:n}=e;if(n===null)return;let{max_steps:r}=n,i=Object.fromEntries(Object.entries(n).filter(([e])=>!mt.includes(e)));return{title:t,task:e.task,difficulty:e.difficulty,seed:e.seed,steps:typeof r==`number`?r:60,method:P(n),config:i,model:gt(e.model)}}function gt(e){return e.split(/[\\/]/).at(-1)??e}function _t(){return{index:void 0,loading:!1,problem:void 0,chosen:void 0,summary:void 0,plan:void 0,shown:!1,task:``,hidden:[],split:`held_out`,mode:`own`,run:void 0}}function vt({summary:e,task:t}){return e?.tasks.find(e=>e.task===t)??e?.tasks[0]}function yt(){return{kept:void 0,shown:[],current:void 0,renaming:void 0,problem:void 0,samplesAsTable:!1,sampleOrder:`asked`,said:void 0}}var bt=[{colour:`--good`,dash:[8,4]},{colour:`--arm-purple`,dash:[2,3]},{colour:`--attention`,dash:[10,3,2,3]},{colour:`--arm-brown`,dash:[14,5]},{colour:`--arm-sky`,dash:[4,2]}],xt=bt.length;function St({shown:e},t){return bt[e.indexOf(t)]}function Ct(e){let{kept:t=[],shown:n,current:r}=e;return n.flatMap(n=>{let i=t.find(e=>e.id===n),a=St(e,n);return i===void 0||a===void 0||n===r?[]:[{run:i,ink:a}]})}function wt(e,t){return e.findLast(e=>e[t]!==void 0)?.[t]}function Tt(){return{arms:void 0,seed:void 0,phase:`idle`,going:void 0,speed:{step:void 0,question:void 0},problem:void 0,saved:void 0,savedAt:void 0}}function Et({phase:e}){return e===`loading`||e===`running`}function Dt(e){let{plan:t,task:n,arms:r,seeds:i,records:a,summary:o,current:s}=e,c=s===null?void 0:{arm:s.arm,steps:s.steps,curve:s.record.curve};return{plan:t,task:n,arms:r,seed:i[0]??0,records:a,summary:o,current:c===void 0?void 0:{...c,phase:`train`,done:0,total:0}}}var Ot=4096;function kt(e,t,n,r){let{evaluate:i={}}=e,{questions:a=128,samples:o=32}=i,s=e.tasks.filter(e=>e.task===t).map(e=>({...e,model:e.model.split(/[\\/]/).at(-1)??e.model,known:[]}));return{...e,tasks:s,seeds:[r],arms:n.flatMap(t=>e.arms.filter(e=>e.name===t)),evaluate:{...i,questions:Math.max(1,Math.min(a,Math.floor(Ot/o))),samples:o,splits:[`held_out`],every:0,modes:[]}}}function At(e){let t=e.arms.filter(({train:e})=>e!=null).map(({name:e})=>e),[n,r]=[...[/^grpo$/,/^soft-?_?grpo/].map(e=>t.find(t=>e.test(t))),...t].filter((e,t,n)=>e!==void 0&&n.indexOf(e)===t);return n===void 0||r===void 0?void 0:[n,r]}function jt({going:e,speed:t}){let{step:n,question:r}=t;if(e?.current===void 0)return;let{arms:i,current:a,records:o,plan:s}=e,c=s.evaluate?.questions??0,l=i.filter(e=>e!==a.arm&&!o.some(t=>t.arm===e)).length,u=a.steps*(1+l)-a.curve.length;if(u>0&&n===void 0)return;let d=c*(1+l)-(a.phase===`evaluate`?a.done:0);return{seconds:u*(n??0)+d*(r??0),measuring:r===void 0}}function Mt(e){return e===`no-webgpu`||e===`no-adapter`||e===`device-lost`||e===`out-of-memory`}function Nt(e){return{phase:`idle`,method:e,step:0,stepsMax:void 0,config:void 0,history:[],tries:{step:0,samples:[]},group:0,openSample:void 0,openStep:0,held:void 0,secondsPerStep:void 0,saved:void 0,collapse:void 0,remark:void 0}}function Pt(){return{stage:0,version:``,engineChoice:`auto`,engine:void 0,capabilities:void 0,engineCardShown:!1,definitions:{},presets:{policies:[],methods:[]},tasks:[],task:`chain_sum`,difficulty:void 0,progress:void 0,problem:void 0,notice:void 0,model:void 0,modelName:``,ownModel:!1,trainedSteps:0,trainedBy:void 0,question:void 0,typed:void 0,questionSeed:7,seed:7,policy:y.name,policySettings:{},chosen:void 0,compared:void 0,stored:!1,thinking:!1,selected:void 0,diagnosing:void 0,diagnosed:void 0,run:Nt({objective:`soft_grpo`}),method:{objective:`soft_grpo`},stepsWanted:60,settings:{},arm:void 0,savedRun:void 0,measuring:void 0,measurements:[],measureSplit:It,own:He(),results:_t(),site:Be(),trial:Tt(),tools:yt(),unfolded:{think:!1,train:!1},keysShown:!1,dropping:!1,announcement:``}}var Ft=class{state=Pt();#e=[];change(e){Object.assign(this.state,e);for(let e of this.#e)e()}changeRun(e){this.change({run:{...this.state.run,...e}})}listen(e){this.#e.push(e)}};function L({phase:e}){return e!==`idle`&&e!==`finished`&&e!==`stopped`}var It=`held_out`;function Lt({measureSplit:e,tasks:t,task:n}){return(t.find(e=>e.name===n)?.splits??[]).includes(e)?e:It}function Rt({arm:e,task:t,difficulty:n,tasks:r,method:i}){if(e?.task!==t||e.method.preset!==i.preset||e.method.objective!==i.objective)return;let a=r.find(e=>e.name===t)?.default_difficulty;return(n??a)===e.difficulty?e:void 0}var zt=8;function Bt(e){return e.held??e.tries}function Vt(e){let{samples:t}=Bt(e),n=e.config?.num_generations,r=typeof n==`number`&&n>=1?n:zt;return Array.from({length:Math.ceil(t.length/r)},(e,n)=>t.slice(n*r,(n+1)*r))}function Ht(e){let t=e.steps.map(e=>e.phase===`think`?e.entropy:0);return Math.max(0,t.indexOf(Math.max(...t)))}var Ut=.95;function Wt(e){let t=e.steps.filter(e=>e.soft);return{sharp:t.filter(e=>(j(e)[0]?.weight??0)>Ut).length,all:t.length}}function Gt(e){let t=0;return e.steps.forEach((n,r)=>{n.soft&&n.entropy>(e.steps[t]?.entropy??0)&&(t=r)}),t}var Kt={unknown:(e,t,n)=>`soft-thinking-lab: “${e}” in the address means nothing here and was left out. hide= takes ${t}; theme= takes ${n}.`,message:(e,t)=>`a message to the lab: expected one of ${e}; got ${t}`,set:(e,t)=>`set: expected keys of the lab's address with values it can have, such as task: "chain_sum" or seed: 7; got ${e}: ${t}`,oneOf:(e,t,n)=>`set: ${e} is one of ${t}; got ${n}`,question:e=>`think: expected the question's text, or none to take the one shown; got ${e}`,steps:e=>`train: expected steps from 1 to 1000000, or none to take those chosen in the lab; got ${e}`,thinking:`think: the lab is thinking already: wait for its thought, or send stop first`,training:`train: a run is going already: wait for its end, or send stop first`},qt=Object.assign({"./stored/chain_sum.json":{model_sha256:`8b290b82c72c370016b1607c22219b259e36df982b94745480fdf9b98ed809e8`,soft:{result:{question:`52+96-62=`,expected:`86`,answer:`86`,grade:1,thought:`148;86`,text:`148;86</think><answer>86</answer>`,steps:11,mixture_entropy:7.081e-8,finished:!0},steps:[{step:0,phase:`think`,candidates:[`1`,`8`,`2`,`9`,`0`],candidate_ids:[6,13,7,14,5],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[-.3816,1.9133,1.2186,.049455,-.85541],perturbed:[-.3816,-11.902,-12.597,-13.766,-14.671],mixture:[1,0,0,0,0],entropy:0,model_entropy:.0030101,token:`1`,token_id:6,soft:!0,forced:!1,winner_changed:!1},{step:1,phase:`think`,candidates:[`4`,`5`,`3`,`7`,`6`],candidate_ids:[9,10,8,12,11],log_probs:[-.20464,-2.9887,-2.0046,-13.816,-13.816],noise:[.8834,1.9238,.60535,-.13506,-.67401],perturbed:[.67876,-1.0649,-1.3993,-13.951,-14.49],mixture:[1,2.6754e-8,94426e-14,0,0],entropy:4.8613e-7,model_entropy:.62165,token:`4`,token_id:9,soft:!0,forced:!1,winner_changed:!1},{step:2,phase:`think`,candidates:[`8`,`7`,`9`,`0`,`2`],candidate_ids:[13,12,14,5,7],log_probs:[-.13995,-2.5187,-2.9949,-13.816,-13.816],noise:[2.2317,.19524,-.45031,.93378,-.012734],perturbed:[2.0918,-2.3234,-3.4453,-12.882,-13.828],mixture:[1,66834e-24,8975e-28,0,0],entropy:29509e-22,model_entropy:.53745,token:`8`,token_id:13,soft:!0,forced:!1,winner_changed:!1},{step:3,phase:`think`,candidates:[`;`,`2`,`<think>`,`</think>`,`1`],candidate_ids:[46,7,1,2,6],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[2.0198,2.4572,.95976,-.013555,-.052195],perturbed:[2.0198,-11.358,-12.856,-13.829,-13.868],mixture:[1,0,0,0,0],entropy:0,model_entropy:10478e-10,token:`;`,token_id:46,soft:!0,forced:!1,winner_changed:!1},{step:4,phase:`think`,candidates:[`8`,`9`,`7`,`6`,`5`],candidate_ids:[13,14,12,11,10],log_probs:[-.36771,-2.3231,-1.562,-13.816,-13.816],noise:[.89687,.67083,-.85456,-.39423,-.4307],perturbed:[.52916,-1.6522,-2.4166,-14.21,-14.246],mixture:[1,33603e-14,161e-15,0,0],entropy:7.3348e-9,model_entropy:1.0024,token:`8`,token_id:13,soft:!0,forced:!1,winner_changed:!1},{step:5,phase:`think`,candidates:[`6`,`5`,`7`,`8`,`0`],candidate_ids:[11,10,12,13,5],log_probs:[-.3205,-2.2913,-1.754,-13.816,-13.816],noise:[1.0196,.6831,-.47509,.17121,-.24649],perturbed:[.6991,-1.6082,-2.229,-13.644,-14.062],mixture:[1,95359e-15,19198e-17,0,0],entropy:2.2059e-9,model_entropy:.86248,token:`6`,token_id:11,soft:!0,forced:!1,winner_changed:!1},{step:6,phase:`think`,candidates:[`</think>`,`1`,`</answer>`,`0`,`8`],candidate_ids:[2,6,4,5,13],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[3,1.3146,1.0839,-.11645,-.27415],perturbed:[3,-12.501,-12.732,-13.932,-14.09],mixture:[1,0,0,0,0],entropy:0,model_entropy:67277e-10,token:`</think>`,token_id:2,soft:!1,forced:!1,winner_changed:!1},{step:7,phase:`answer`,candidates:[`<answer>`],candidate_ids:[3],log_probs:[0],noise:[-1.2191],perturbed:[-1.2191],mixture:[1],entropy:0,model_entropy:28256e-10,token:`<answer>`,token_id:3,soft:!1,forced:!1,winner_changed:!1},{step:8,phase:`answer`,candidates:[`8`],candidate_ids:[13],log_probs:[0],noise:[-.12826],perturbed:[-.12826],mixture:[1],entropy:0,model_entropy:46722e-8,token:`8`,token_id:13,soft:!1,forced:!1,winner_changed:!1},{step:9,phase:`answer`,candidates:[`6`],candidate_ids:[11],log_probs:[0],noise:[1.0487],perturbed:[1.0487],mixture:[1],entropy:0,model_entropy:.0023722,token:`6`,token_id:11,soft:!1,forced:!1,winner_changed:!1},{step:10,phase:`answer`,candidates:[`</answer>`],candidate_ids:[4],log_probs:[0],noise:[-.69748],perturbed:[-.69748],mixture:[1],entropy:0,model_entropy:12231e-9,token:`</answer>`,token_id:4,soft:!1,forced:!1,winner_changed:!1}]},discrete:{result:{question:`52+96-62=`,expected:`86`,answer:`86`,grade:1,thought:`148;86`,text:`148;86</think><answer>86</answer>`,steps:11,mixture_entropy:0,finished:!0},steps:[{step:0,phase:`think`,candidates:[`1`,`9`,`2`,`0`,`8`],candidate_ids:[6,14,7,5,13],log_probs:[-33077e-8,-8.029,-12.632,-13.537,-15.298],noise:[-.3816,.049455,1.2186,-.85541,1.9133],perturbed:[-.38193,-7.9795,-11.414,-14.392,-13.384],mixture:[1,0,0,0,0],entropy:0,model_entropy:.0030101,token:`1`,token_id:6,soft:!1,forced:!1,winner_changed:!1},{step:1,phase:`think`,candidates:[`4`,`3`,`5`,`6`,`7`],candidate_ids:[9,8,10,11,12],log_probs:[-.20942,-2.0094,-2.9935,-5.9741,-7.2894],noise:[.8834,.60535,1.9238,-.67401,-.13506],perturbed:[.67398,-1.4041,-1.0697,-6.6482,-7.4244],mixture:[1,0,0,0,0],entropy:0,model_entropy:.62165,token:`4`,token_id:9,soft:!1,forced:!1,winner_changed:!1},{step:2,phase:`think`,candidates:[`8`,`7`,`9`,`2`,`0`],candidate_ids:[13,12,14,7,5],log_probs:[-.14903,-2.5278,-3.004,-6.0904,-6.1329],noise:[2.2317,.19524,-.45031,-.012734,.93378],perturbed:[2.0827,-2.3325,-3.4543,-6.1031,-5.1991],mixture:[1,0,0,0,0],entropy:0,model_entropy:.53745,token:`8`,token_id:13,soft:!1,forced:!1,winner_changed:!1},{step:3,phase:`think`,candidates:[`;`,`</think>`,`1`,`<think>`,`2`],candidate_ids:[46,2,6,1,7],log_probs:[-5.8438e-8,-16.7,-21.211,-21.551,-21.757],noise:[2.0198,-.013555,-.052195,.95976,2.4572],perturbed:[2.0198,-16.714,-21.263,-20.591,-19.3],mixture:[1,0,0,0,0],entropy:0,model_entropy:10478e-10,token:`;`,token_id:46,soft:!1,forced:!1,winner_changed:!1},{step:4,phase:`think`,candidates:[`8`,`7`,`9`,`6`,`5`],candidate_ids:[13,12,14,11,10],log_probs:[-.40642,-1.6007,-2.3618,-4.1287,-5.0137],noise:[.89687,-.85456,.67083,-.39423,-.4307],perturbed:[.49045,-2.4553,-1.6909,-4.523,-5.4444],mixture:[1,0,0,0,0],entropy:0,model_entropy:1.0024,token:`8`,token_id:13,soft:!1,forced:!1,winner_changed:!1},{step:5,phase:`think`,candidates:[`6`,`7`,`5`,`8`,`0`],candidate_ids:[11,12,10,13,5],log_probs:[-.33677,-1.7702,-2.3076,-5.0768,-5.4104],noise:[1.0196,-.47509,.6831,.17121,-.24649],perturbed:[.68283,-2.2453,-1.6245,-4.9056,-5.6569],mixture:[1,0,0,0,0],entropy:0,model_entropy:.86248,token:`6`,token_id:11,soft:!1,forced:!1,winner_changed:!1},{step:6,phase:`think`,candidates:[`</think>`,`0`,`1`,`8`,`</answer>`],candidate_ids:[2,5,6,13,4],log_probs:[-3.9434e-7,-15.171,-16.893,-17.634,-17.667],noise:[4.1175,-.11645,1.3146,-.27415,1.0839],perturbed:[4.1175,-15.287,-15.579,-17.908,-16.584],mixture:[1,0,0,0,0],entropy:0,model_entropy:67277e-10,token:`</think>`,token_id:2,soft:!1,forced:!1,winner_changed:!1},{step:7,phase:`answer`,candidates:[`<answer>`,`3`,`4`,`;`,`2`],candidate_ids:[3,8,9,46,7],log_probs:[-1.613e-7,-15.833,-18.212,-18.873,-20.962],noise:[-1.2191,1.5582,1.2996,2.1609,-.056146],perturbed:[-1.2191,-14.275,-16.913,-16.712,-21.018],mixture:[1,0,0,0,0],entropy:0,model_entropy:28256e-10,token:`<answer>`,token_id:3,soft:!1,forced:!1,winner_changed:!1},{step:8,phase:`answer`,candidates:[`8`,`9`,`7`,`;`,`6`],candidate_ids:[13,14,12,46,11],log_probs:[-40046e-9,-10.386,-11.598,-19.564,-19.592],noise:[-.12826,2.8407,1.9675,1.6895,2.2899],perturbed:[-.1283,-7.5458,-9.6301,-17.874,-17.302],mixture:[1,0,0,0,0],entropy:0,model_entropy:46722e-8,token:`8`,token_id:13,soft:!1,forced:!1,winner_changed:!1},{step:9,phase:`answer`,candidates:[`6`,`7`,`5`,`8`,`;`],candidate_ids:[11,12,10,13,46],log_probs:[-25069e-8,-8.3338,-11.474,-21.308,-23.794],noise:[1.0487,.74784,.52546,-1.285,.42559],perturbed:[1.0484,-7.586,-10.948,-22.594,-23.368],mixture:[1,0,0,0,0],entropy:0,model_entropy:.0023722,token:`6`,token_id:11,soft:!1,forced:!1,winner_changed:!1},{step:10,phase:`answer`,candidates:[`</answer>`,`7`,`6`,`5`,`</think>`],candidate_ids:[4,12,11,10,2],log_probs:[-7.6978e-7,-14.727,-14.872,-17.96,-19.932],noise:[-.69748,-.33051,.49102,2.8055,1.6228],perturbed:[-.69748,-15.057,-14.381,-15.155,-18.309],mixture:[1,0,0,0,0],entropy:0,model_entropy:12231e-9,token:`</answer>`,token_id:4,soft:!1,forced:!1,winner_changed:!1}]}},"./stored/countdown.json":{model_sha256:`455457abe9a4df555a8f9ac59f6d8a385f29db502d4b7bf3f0ae28ce35e4385a`,soft:JSON.parse(`{"result":{"question":"354:6,18,20=","expected":"18*20-6","answer":"18*20-6","grade":1,"thought":"18*20=360;360-6=354","text":"18*20=360;360-6=354</think><answer>18*20-6</answer>","steps":29,"mixture_entropy":0.0027099,"finished":true},"steps":[{"step":0,"phase":"think","candidates":["1","6","2","=",";"],"candidate_ids":[6,11,7,45,46],"log_probs":[-0.073121,-2.6519,-13.816,-13.816,-13.816],"noise":[-0.3816,0.92193,1.2186,-0.50695,-0.71614],"perturbed":[-0.45472,-1.73,-12.597,-14.322,-14.532],"mixture":[1,0.0000028939,0,0,0],"entropy":0.000039826,"model_entropy":0.28828,"token":"1","token_id":6,"soft":true,"forced":false,"winner_changed":false},{"step":1,"phase":"think","candidates":["8","4","2","0","6"],"candidate_ids":[13,9,7,5,11],"log_probs":[0.000001,-13.816,-13.816,-13.816,-13.816],"noise":[1.156,0.8834,0.099069,-0.020065,-0.67401],"perturbed":[1.156,-12.932,-13.716,-13.836,-14.49],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.032117,"token":"8","token_id":13,"soft":true,"forced":false,"winner_changed":false},{"step":2,"phase":"think","candidates":["*","+","-","=","5"],"candidate_ids":[43,41,42,45,10],"log_probs":[-0.092633,-2.425,-13.816,-13.816,-13.816],"noise":[-0.049081,1.8197,3,0.45644,-0.09207],"perturbed":[-0.14171,-0.60534,-10.816,-13.359,-13.908],"mixture":[0.9904,0.0096007,0,0,0],"entropy":0.054158,"model_entropy":0.33367,"token":"*","token_id":43,"soft":true,"forced":false,"winner_changed":false},{"step":3,"phase":"think","candidates":["2","6","3","1","0"],"candidate_ids":[7,11,8,6,5],"log_probs":[0.000001,-13.816,-13.816,-13.816,-13.816],"noise":[2.4572,3,2.8102,-0.052195,-0.7708],"perturbed":[2.4572,-10.816,-11.005,-13.868,-14.586],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.0040141,"token":"2","token_id":7,"soft":true,"forced":false,"winner_changed":false},{"step":4,"phase":"think","candidates":["0","<answer>","+",")","="],"candidate_ids":[5,3,41,52,45],"log_probs":[0.000001,-13.816,-13.816,-13.816,-13.816],"noise":[-0.9036,1.4372,-0.025049,-0.51732,-0.96198],"perturbed":[-0.90359,-12.378,-13.841,-14.333,-14.777],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.00021009,"token":"0","token_id":5,"soft":true,"forced":false,"winner_changed":false},{"step":5,"phase":"think","candidates":["=","(","+",";","8"],"candidate_ids":[45,51,41,46,13],"log_probs":[0.000001,-13.816,-13.816,-13.816,-13.816],"noise":[1.7969,3,0.7947,0.40257,0.17121],"perturbed":[1.7969,-10.816,-13.021,-13.413,-13.644],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.00028661,"token":"=","token_id":45,"soft":true,"forced":false,"winner_changed":false},{"step":6,"phase":"think","candidates":["3","6","5","4","9"],"candidate_ids":[8,11,10,9,14],"log_probs":[0.000001,-13.816,-13.816,-13.816,-13.816],"noise":[0.20483,2.1829,0.12835,-0.23716,-0.42187],"perturbed":[0.20483,-11.633,-13.687,-14.053,-14.237],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.0046538,"token":"3","token_id":8,"soft":true,"forced":false,"winner_changed":false},{"step":7,"phase":"think","candidates":["6","4","0","2","8"],"candidate_ids":[11,9,5,7,13],"log_probs":[0.000001,-13.816,-13.816,-13.816,-13.816],"noise":[3,1.2996,0.21239,-0.056146,-0.079188],"perturbed":[3,-12.516,-13.603,-13.872,-13.895],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.033507,"token":"6","token_id":11,"soft":true,"forced":false,"winner_changed":false},{"step":8,"phase":"think","candidates":["0",";","=","2","*"],"candidate_ids":[5,46,45,7,43],"log_probs":[0.000001,-13.816,-13.816,-13.816,-13.816],"noise":[3,1.6895,1.2619,0.89948,0.13143],"perturbed":[3,-12.126,-12.554,-12.916,-13.684],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.0012549,"token":"0","token_id":5,"soft":true,"forced":false,"winner_changed":false},{"step":9,"phase":"think","candidates":[";","2","1","0",":"],"candidate_ids":[46,7,6,5,48],"log_probs":[0.000001,-13.816,-13.816,-13.816,-13.816],"noise":[0.42559,2.4408,1.8396,0.070134,-0.87679],"perturbed":[0.42559,-11.375,-11.976,-13.745,-14.692],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.0002054,"token":";","token_id":46,"soft":true,"forced":false,"winner_changed":false},{"step":10,"phase":"think","candidates":["3","4","0","=","7"],"candidate_ids":[8,9,5,45,12],"log_probs":[0.000001,-13.816,-13.816,-13.816,-13.816],"noise":[-0.2795,1.065,0.78971,-0.25925,-0.33051],"perturbed":[-0.2795,-12.75,-13.026,-14.075,-14.146],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.000085431,"token":"3","token_id":8,"soft":true,"forced":false,"winner_changed":false},{"step":11,"phase":"think","candidates":["6","0","7","9","8"],"candidate_ids":[11,5,12,14,13],"log_probs":[0.000001,-13.816,-13.816,-13.816,-13.816],"noise":[1.0894,1.3906,0.28539,-0.37873,-0.87688],"perturbed":[1.0894,-12.425,-13.53,-14.194,-14.692],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.00047388,"token":"6","token_id":11,"soft":true,"forced":false,"winner_changed":false},{"step":12,"phase":"think","candidates":["0","*","2","9","8"],"candidate_ids":[5,43,7,14,13],"log_probs":[0.000001,-13.816,-13.816,-13.816,-13.816],"noise":[1.2024,1.3361,0.71572,0.52931,-1.0573],"perturbed":[1.2024,-12.479,-13.1,-13.286,-14.873],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.00018983,"token":"0","token_id":5,"soft":true,"forced":false,"winner_changed":false},{"step":13,"phase":"think","candidates":["-","+",")","=","9"],"candidate_ids":[42,41,52,45,14],"log_probs":[0.000001,-13.816,-13.816,-13.816,-13.816],"noise":[3,2.6668,0.8909,0.77555,-1.5],"perturbed":[3,-11.149,-12.925,-13.04,-15.316],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.012132,"token":"-","token_id":42,"soft":true,"forced":false,"winner_changed":false},{"step":14,"phase":"think","candidates":["6","3","4","2","9"],"candidate_ids":[11,8,9,7,14],"log_probs":[0.000001,-13.816,-13.816,-13.816,-13.816],"noise":[0.36773,3,1.3728,1.3341,0.31997],"perturbed":[0.36773,-10.816,-12.443,-12.481,-13.496],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.00045697,"token":"6","token_id":11,"soft":true,"forced":false,"winner_changed":false},{"step":15,"phase":"think","candidates":["=","0","(","<answer>",")"],"candidate_ids":[45,5,51,3,52],"log_probs":[0.000001,-13.816,-13.816,-13.816,-13.816],"noise":[3,1.4529,0.30605,-0.074127,-1.4454],"perturbed":[3,-12.363,-13.509,-13.89,-15.261],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.00029434,"token":"=","token_id":45,"soft":true,"forced":false,"winner_changed":false},{"step":16,"phase":"think","candidates":["3","+","5","7","4"],"candidate_ids":[8,41,10,12,9],"log_probs":[0.000001,-13.816,-13.816,-13.816,-13.816],"noise":[-0.24012,1.763,0.69563,-0.20945,-1.0888],"perturbed":[-0.24011,-12.052,-13.12,-14.025,-14.904],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.00025139,"token":"3","token_id":8,"soft":true,"forced":false,"winner_changed":false},{"step":17,"phase":"think","candidates":["5","4","8","3","7"],"candidate_ids":[10,9,13,8,12],"log_probs":[0.000001,-13.816,-13.816,-13.816,-13.816],"noise":[-0.13741,1.7534,1.1541,0.75184,-0.53557],"perturbed":[-0.13741,-12.062,-12.661,-13.064,-14.351],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.017212,"token":"5","token_id":10,"soft":true,"forced":false,"winner_changed":false},{"step":18,"phase":"think","candidates":["4",",","3","<think>","9"],"candidate_ids":[9,47,8,1,14],"log_probs":[0.000001,-13.816,-13.816,-13.816,-13.816],"noise":[-0.093383,2.2135,2.2028,1.1298,0.49493],"perturbed":[-0.093382,-11.602,-11.613,-12.686,-13.321],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.00054418,"token":"4","token_id":9,"soft":true,"forced":false,"winner_changed":false},{"step":19,"phase":"think","candidates":["</think>","<answer>","</answer>","(",";"],"candidate_ids":[2,3,4,51,46],"log_probs":[0.000001,-13.816,-13.816,-13.816,-13.816],"noise":[-1.4706,2.5578,0.44974,0.40004,-1.136],"perturbed":[-1.4706,-11.258,-13.366,-13.415,-14.952],"mixture":[1,3.1249e-43,0,0,0],"entropy":3.0583e-41,"model_entropy":0.000026131,"token":"</think>","token_id":2,"soft":false,"forced":false,"winner_changed":false},{"step":20,"phase":"answer","candidates":["<answer>"],"candidate_ids":[3],"log_probs":[0],"noise":[-0.0976],"perturbed":[-0.0976],"mixture":[1],"entropy":0,"model_entropy":0.00023233,"token":"<answer>","token_id":3,"soft":false,"forced":false,"winner_changed":false},{"step":21,"phase":"answer","candidates":["1"],"candidate_ids":[6],"log_probs":[0],"noise":[1.0263],"perturbed":[1.0263],"mixture":[1],"entropy":0,"model_entropy":0.00004576,"token":"1","token_id":6,"soft":false,"forced":false,"winner_changed":false},{"step":22,"phase":"answer","candidates":["8"],"candidate_ids":[13],"log_probs":[0],"noise":[0.56895],"perturbed":[0.56895],"mixture":[1],"entropy":0,"model_entropy":0.00047895,"token":"8","token_id":13,"soft":false,"forced":false,"winner_changed":false},{"step":23,"phase":"answer","candidates":["*"],"candidate_ids":[43],"log_probs":[0],"noise":[1.8107],"perturbed":[1.8107],"mixture":[1],"entropy":0,"model_entropy":0.00039505,"token":"*","token_id":43,"soft":false,"forced":false,"winner_changed":false},{"step":24,"phase":"answer","candidates":["2"],"candidate_ids":[7],"log_probs":[0],"noise":[0.97237],"perturbed":[0.97237],"mixture":[1],"entropy":0,"model_entropy":0.0064153,"token":"2","token_id":7,"soft":false,"forced":false,"winner_changed":false},{"step":25,"phase":"answer","candidates":["0"],"candidate_ids":[5],"log_probs":[0],"noise":[0.097327],"perturbed":[0.097327],"mixture":[1],"entropy":0,"model_entropy":0.000078506,"token":"0","token_id":5,"soft":false,"forced":false,"winner_changed":false},{"step":26,"phase":"answer","candidates":["-"],"candidate_ids":[42],"log_probs":[0],"noise":[0.51443],"perturbed":[0.51443],"mixture":[1],"entropy":0,"model_entropy":0.00021221,"token":"-","token_id":42,"soft":false,"forced":false,"winner_changed":false},{"step":27,"phase":"answer","candidates":["6"],"candidate_ids":[11],"log_probs":[0],"noise":[0.019234],"perturbed":[0.019234],"mixture":[1],"entropy":0,"model_entropy":0.0063624,"token":"6","token_id":11,"soft":false,"forced":false,"winner_changed":false},{"step":28,"phase":"answer","candidates":["</answer>"],"candidate_ids":[4],"log_probs":[0],"noise":[-0.15072],"perturbed":[-0.15072],"mixture":[1],"entropy":0,"model_entropy":0.000029929,"token":"</answer>","token_id":4,"soft":false,"forced":false,"winner_changed":false}]}`),discrete:JSON.parse(`{"result":{"question":"354:6,18,20=","expected":"18*20-6","answer":"18*20-6","grade":1,"thought":"18*20=360;360-6=354","text":"18*20=360;360-6=354</think><answer>18*20-6</answer>","steps":29,"mixture_entropy":0,"finished":true},"steps":[{"step":0,"phase":"think","candidates":["1","6","2",";","="],"candidate_ids":[6,11,7,46,45],"log_probs":[-0.077557,-2.6564,-5.7858,-8.0548,-8.1318],"noise":[-0.3816,0.92193,1.2186,-0.71614,-0.50695],"perturbed":[-0.45916,-1.7345,-4.5673,-8.771,-8.6388],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.28828,"token":"1","token_id":6,"soft":false,"forced":false,"winner_changed":false},{"step":1,"phase":"think","candidates":["8","2","6","4","0"],"candidate_ids":[13,7,11,9,5],"log_probs":[-0.0042818,-6.1309,-6.4076,-8.4529,-8.5734],"noise":[1.156,0.099069,-0.67401,0.8834,-0.020065],"perturbed":[1.1518,-6.0318,-7.0816,-7.5695,-8.5934],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.032117,"token":"8","token_id":13,"soft":false,"forced":false,"winner_changed":false},{"step":2,"phase":"think","candidates":["*","+","-","=","5"],"candidate_ids":[43,41,42,45,10],"log_probs":[-0.097086,-2.4295,-6.1185,-6.9732,-7.6527],"noise":[-0.049081,1.8197,4.2122,0.45644,-0.09207],"perturbed":[-0.14617,-0.6098,-1.9063,-6.5167,-7.7448],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.33367,"token":"*","token_id":43,"soft":false,"forced":false,"winner_changed":false},{"step":3,"phase":"think","candidates":["2","1","0","6","3"],"candidate_ids":[7,6,5,11,8],"log_probs":[-0.00043702,-7.8669,-9.891,-14.041,-14.215],"noise":[2.4572,-0.052195,-0.7708,3.0058,2.8102],"perturbed":[2.4568,-7.9191,-10.662,-11.035,-11.405],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.0039982,"token":"2","token_id":7,"soft":false,"forced":false,"winner_changed":false},{"step":4,"phase":"think","candidates":["0","=","+","<answer>",")"],"candidate_ids":[5,45,41,3,52],"log_probs":[-0.000015342,-11.685,-12.976,-13.498,-14.659],"noise":[-0.9036,-0.96198,-0.025049,1.4372,-0.51732],"perturbed":[-0.90361,-12.647,-13.002,-12.061,-15.176],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.00021459,"token":"0","token_id":5,"soft":false,"forced":false,"winner_changed":false},{"step":5,"phase":"think","candidates":["=",";","8","+","("],"candidate_ids":[45,46,13,41,51],"log_probs":[-0.000020548,-11.828,-12.099,-13.807,-14.239],"noise":[1.7969,0.40257,0.17121,0.7947,3.343],"perturbed":[1.7969,-11.426,-11.927,-13.012,-10.896],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.00028968,"token":"=","token_id":45,"soft":false,"forced":false,"winner_changed":false},{"step":6,"phase":"think","candidates":["3","6","9","5","4"],"candidate_ids":[8,11,14,10,9],"log_probs":[-0.00043413,-8.3426,-9.4628,-10.961,-10.985],"noise":[0.20483,2.1829,-0.42187,0.12835,-0.23716],"perturbed":[0.2044,-6.1597,-9.8846,-10.833,-11.222],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.0045177,"token":"3","token_id":8,"soft":false,"forced":false,"winner_changed":false},{"step":7,"phase":"think","candidates":["6","0","4","2","8"],"candidate_ids":[11,5,9,7,13],"log_probs":[-0.0042693,-5.871,-6.7213,-8.8566,-9.4211],"noise":[3.4586,0.21239,1.2996,-0.056146,-0.079188],"perturbed":[3.4543,-5.6586,-5.4217,-8.9128,-9.5003],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.031104,"token":"6","token_id":11,"soft":false,"forced":false,"winner_changed":false},{"step":8,"phase":"think","candidates":["0",";","2","*","="],"candidate_ids":[5,46,7,43,45],"log_probs":[-0.00011125,-9.2664,-12.151,-12.348,-13.374],"noise":[3.5111,1.6895,0.89948,0.13143,1.2619],"perturbed":[3.511,-7.5769,-11.251,-12.216,-12.112],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.0012102,"token":"0","token_id":5,"soft":false,"forced":false,"winner_changed":false},{"step":9,"phase":"think","candidates":[";","1","0",":","2"],"candidate_ids":[46,6,5,48,7],"log_probs":[-0.00001469,-12.166,-13.089,-13.641,-13.708],"noise":[0.42559,1.8396,0.070134,-0.87679,2.4408],"perturbed":[0.42558,-10.327,-13.019,-14.518,-11.268],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.00021612,"token":";","token_id":46,"soft":false,"forced":false,"winner_changed":false},{"step":10,"phase":"think","candidates":["3","0","7","=","4"],"candidate_ids":[8,5,12,45,9],"log_probs":[-0.0000051655,-14.36,-14.424,-14.481,-14.544],"noise":[-0.2795,0.78971,-0.33051,-0.25925,1.065],"perturbed":[-0.2795,-13.57,-14.755,-14.74,-13.479],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.000085933,"token":"3","token_id":8,"soft":false,"forced":false,"winner_changed":false},{"step":11,"phase":"think","candidates":["6","0","7","9","8"],"candidate_ids":[11,5,12,14,13],"log_probs":[-0.000033432,-11.058,-12.019,-12.652,-14.07],"noise":[1.0894,1.3906,0.28539,-0.37873,-0.87688],"perturbed":[1.0894,-9.6673,-11.733,-13.031,-14.947],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.0004516,"token":"6","token_id":11,"soft":false,"forced":false,"winner_changed":false},{"step":12,"phase":"think","candidates":["0","2","8","*","9"],"candidate_ids":[5,7,13,43,14],"log_probs":[-0.00001225,-12.79,-12.855,-13.938,-14.251],"noise":[1.2024,0.71572,-1.0573,1.3361,0.52931],"perturbed":[1.2024,-12.075,-13.912,-12.601,-13.722],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.00018762,"token":"0","token_id":5,"soft":false,"forced":false,"winner_changed":false},{"step":13,"phase":"think","candidates":["-","+","9",")","="],"candidate_ids":[42,41,14,52,45],"log_probs":[-0.0016546,-6.415,-12.265,-12.615,-13.388],"noise":[3.2901,2.6668,-2.0832,0.8909,0.77555],"perturbed":[3.2885,-3.7482,-14.349,-11.724,-12.613],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.012373,"token":"-","token_id":42,"soft":false,"forced":false,"winner_changed":false},{"step":14,"phase":"think","candidates":["6","2","9","4","3"],"candidate_ids":[11,7,14,9,8],"log_probs":[-0.000036443,-11.307,-11.428,-11.663,-13.237],"noise":[0.36773,1.3341,0.31997,1.3728,3.0582],"perturbed":[0.3677,-9.9727,-11.108,-10.291,-10.179],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.00046864,"token":"6","token_id":11,"soft":false,"forced":false,"winner_changed":false},{"step":15,"phase":"think","candidates":["=",")","<answer>","0","("],"candidate_ids":[45,52,3,5,51],"log_probs":[-0.000020847,-11.78,-12.687,-13.159,-13.459],"noise":[5.583,-1.4454,-0.074127,1.4529,0.30605],"perturbed":[5.583,-13.226,-12.761,-11.706,-13.153],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.00029458,"token":"=","token_id":45,"soft":false,"forced":false,"winner_changed":false},{"step":16,"phase":"think","candidates":["3","5","7","4","+"],"candidate_ids":[8,10,12,9,41],"log_probs":[-0.00001811,-11.635,-12.721,-13.026,-13.995],"noise":[-0.24012,0.69563,-0.20945,-1.0888,1.763],"perturbed":[-0.24013,-10.94,-12.931,-14.115,-12.232],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.00025229,"token":"3","token_id":8,"soft":false,"forced":false,"winner_changed":false},{"step":17,"phase":"think","candidates":["5","4","3","7","8"],"candidate_ids":[10,9,8,12,13],"log_probs":[-0.0020558,-6.557,-7.819,-9.5169,-9.655],"noise":[-0.13741,1.7534,0.75184,-0.53557,1.1541],"perturbed":[-0.13947,-4.8036,-7.0672,-10.053,-8.5009],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.017036,"token":"5","token_id":10,"soft":false,"forced":false,"winner_changed":false},{"step":18,"phase":"think","candidates":["4","3","9","<think>",","],"candidate_ids":[9,8,14,1,47],"log_probs":[-0.000045149,-10.238,-12.747,-13.346,-14.45],"noise":[-0.093383,2.2028,0.49493,1.1298,2.2135],"perturbed":[-0.093428,-8.0357,-12.252,-12.216,-12.236],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.00054693,"token":"4","token_id":9,"soft":false,"forced":false,"winner_changed":false},{"step":19,"phase":"think","candidates":["</think>","(",";","<answer>","</answer>"],"candidate_ids":[2,51,46,3,4],"log_probs":[-0.0000014696,-15.117,-15.484,-15.753,-15.874],"noise":[-1.4706,0.40004,-1.136,2.5578,0.44974],"perturbed":[-1.4706,-14.717,-16.62,-13.196,-15.425],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.000026017,"token":"</think>","token_id":2,"soft":false,"forced":false,"winner_changed":false},{"step":20,"phase":"answer","candidates":["<answer>","(","=",")","5"],"candidate_ids":[3,51,45,52,10],"log_probs":[-0.000015938,-12.383,-12.986,-13.242,-13.264],"noise":[-0.0976,-0.81204,1.4103,-0.15502,-1.0626],"perturbed":[-0.097616,-13.195,-11.576,-13.397,-14.326],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.0002333,"token":"<answer>","token_id":3,"soft":false,"forced":false,"winner_changed":false},{"step":21,"phase":"answer","candidates":["1","3","2",":","0"],"candidate_ids":[6,8,7,48,5],"log_probs":[-0.000002844,-13.67,-14.551,-15.563,-15.597],"noise":[1.0263,-1.2454,1.5216,0.34294,-0.17052],"perturbed":[1.0263,-14.916,-13.03,-15.22,-15.767],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.000045435,"token":"1","token_id":6,"soft":false,"forced":false,"winner_changed":false},{"step":22,"phase":"answer","candidates":["8","2","0",",","6"],"candidate_ids":[13,7,5,47,11],"log_probs":[-0.000040409,-10.298,-12.356,-14.438,-14.701],"noise":[0.56895,-0.013753,3.211,1.7164,1.3202],"perturbed":[0.56891,-10.312,-9.1449,-12.722,-13.381],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.00047827,"token":"8","token_id":13,"soft":false,"forced":false,"winner_changed":false},{"step":23,"phase":"answer","candidates":["*","9","8","7","-"],"candidate_ids":[43,14,13,12,42],"log_probs":[-0.00002866,-11.794,-11.993,-12.067,-13.175],"noise":[1.8107,0.76225,-0.20909,-0.46212,0.85341],"perturbed":[1.8107,-11.031,-12.202,-12.529,-12.321],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.00039452,"token":"*","token_id":43,"soft":false,"forced":false,"winner_changed":false},{"step":24,"phase":"answer","candidates":["2","8","9","*","+"],"candidate_ids":[7,13,14,43,41],"log_probs":[-0.00068805,-7.4593,-10.695,-11.126,-12.271],"noise":[0.97237,0.1936,-1.1665,-0.38925,2.2186],"perturbed":[0.97168,-7.2657,-11.861,-11.515,-10.052],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.0063893,"token":"2","token_id":7,"soft":false,"forced":false,"winner_changed":false},{"step":25,"phase":"answer","candidates":["0","=",")","9","*"],"candidate_ids":[5,45,52,14,43],"log_probs":[-0.0000048534,-13.566,-13.936,-14.548,-15.134],"noise":[0.097327,-0.24203,-0.061873,1.1827,-0.022739],"perturbed":[0.097322,-13.808,-13.998,-13.365,-15.157],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.000077898,"token":"0","token_id":5,"soft":false,"forced":false,"winner_changed":false},{"step":26,"phase":"answer","candidates":["-","3","1","9","+"],"candidate_ids":[42,8,6,14,41],"log_probs":[-0.000015116,-11.978,-12.361,-13.19,-14.07],"noise":[0.51443,-1.5012,1.3638,-0.94212,3.5189],"perturbed":[0.51442,-13.479,-10.997,-14.132,-10.551],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.00020961,"token":"-","token_id":42,"soft":false,"forced":false,"winner_changed":false},{"step":27,"phase":"answer","candidates":["6","4","5","3","2"],"candidate_ids":[11,9,10,8,7],"log_probs":[-0.00067287,-8.0695,-8.2217,-9.4068,-12.487],"noise":[0.019234,0.50294,3.0294,0.20814,-0.24582],"perturbed":[0.018561,-7.5666,-5.1923,-9.1987,-12.732],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.0063044,"token":"6","token_id":11,"soft":false,"forced":false,"winner_changed":false},{"step":28,"phase":"answer","candidates":["</answer>",")","8",",","*"],"candidate_ids":[4,52,13,47,43],"log_probs":[-0.0000018306,-14.205,-14.829,-15.686,-15.947],"noise":[-0.15072,0.23681,1.2417,0.48799,1.754],"perturbed":[-0.15072,-13.968,-13.587,-15.198,-14.193],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.000030513,"token":"</answer>","token_id":4,"soft":false,"forced":false,"winner_changed":false}]}`)},"./stored/mix.json":{model_sha256:`c37450226fb89a9d7022079059b65617adbeb4c5c429bb7c57cfe99ebf4ce599`,soft:{result:{question:`39:6,9,8=`,expected:`6*8-9`,answer:`6*8+9`,grade:0,audit:0,thought:`6*8=48;48+9=18`,text:`6*8=48;48+9=18</think><answer>6*8+9</answer>`,steps:22,mixture_entropy:.034876,finished:!0},steps:[{step:0,phase:`think`,candidates:[`6`,`8`,`4`,`9`,`1`],candidate_ids:[11,13,9,14,6],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[.92193,1.9133,1.2526,.049455,-.3816],perturbed:[.92193,-11.902,-12.563,-13.766,-14.197],mixture:[1,0,0,0,0],entropy:0,model_entropy:.21719,token:`6`,token_id:11,soft:!0,forced:!1,winner_changed:!1},{step:1,phase:`think`,candidates:[`*`,`+`,`8`,`7`,`-`],candidate_ids:[43,41,13,12,42],log_probs:[-.085703,-2.4994,-13.816,-13.816,-13.816],noise:[.66211,1.4215,1.156,-.13506,-1.2512],perturbed:[.57641,-1.0779,-12.659,-13.951,-15.067],mixture:[1,6.5396e-8,0,0,0],entropy:11414e-10,model_entropy:.374,token:`*`,token_id:43,soft:!0,forced:!1,winner_changed:!1},{step:2,phase:`think`,candidates:[`8`,`9`,`7`,`2`,`1`],candidate_ids:[13,14,12,7,6],log_probs:[-.39998,-1.1097,-13.816,-13.816,-13.816],noise:[2.2317,-.45031,.19524,-.012734,-.67531],perturbed:[1.8317,-1.56,-13.62,-13.828,-14.491],mixture:[1,1862e-18,0,0,0],entropy:63153e-18,model_entropy:.75593,token:`8`,token_id:13,soft:!0,forced:!1,winner_changed:!1},{step:3,phase:`think`,candidates:[`=`,`3`,`2`,`</answer>`,`0`],candidate_ids:[45,8,7,4,5],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[.040769,2.8102,2.4572,-.30854,-.7708],perturbed:[.04077,-11.005,-11.358,-14.124,-14.586],mixture:[1,0,0,0,0],entropy:0,model_entropy:50057e-8,token:`=`,token_id:45,soft:!0,forced:!1,winner_changed:!1},{step:4,phase:`think`,candidates:[`4`,`3`,`6`,`5`,`7`],candidate_ids:[9,8,11,10,12],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[.60054,1.1455,-.39423,-.4307,-.85456],perturbed:[.60054,-12.67,-14.21,-14.246,-14.67],mixture:[1,0,0,0,0],entropy:0,model_entropy:.0718,token:`4`,token_id:9,soft:!0,forced:!1,winner_changed:!1},{step:5,phase:`think`,candidates:[`8`,`4`,`6`,`2`,`0`],candidate_ids:[13,9,11,7,5],log_probs:[-.063368,-2.7903,-13.816,-13.816,-13.816],noise:[.17121,.50712,1.0196,.35556,-.24649],perturbed:[.10784,-2.2832,-12.796,-13.46,-14.062],mixture:[1,41305e-15,0,0,0],entropy:9876e-13,model_entropy:.38259,token:`8`,token_id:13,soft:!0,forced:!1,winner_changed:!1},{step:6,phase:`think`,candidates:[`;`,`</think>`,`6`,`2`,`0`],candidate_ids:[46,2,11,7,5],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[3,3,2.1829,1.079,-.11645],perturbed:[3,-10.816,-11.633,-12.737,-13.932],mixture:[1,0,0,0,0],entropy:0,model_entropy:.020166,token:`;`,token_id:46,soft:!0,forced:!1,winner_changed:!1},{step:7,phase:`think`,candidates:[`4`,`6`,`5`,`3`,`2`],candidate_ids:[9,11,10,8,7],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[1.2996,3,3,1.5582,-.056146],perturbed:[1.2996,-10.816,-10.816,-12.257,-13.872],mixture:[1,0,0,0,0],entropy:0,model_entropy:.061453,token:`4`,token_id:9,soft:!0,forced:!1,winner_changed:!1},{step:8,phase:`think`,candidates:[`8`,`9`,`4`,`1`,`2`],candidate_ids:[13,14,9,6,7],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[-.12826,2.8407,1.4325,1.1326,.89948],perturbed:[-.12826,-10.975,-12.383,-12.683,-12.916],mixture:[1,0,0,0,0],entropy:0,model_entropy:.020681,token:`8`,token_id:13,soft:!0,forced:!1,winner_changed:!1},{step:9,phase:`think`,candidates:[`+`,`-`,`/`,`0`,`*`],candidate_ids:[41,42,44,5,43],log_probs:[-.1638,-1.8899,-13.816,-13.816,-13.816],noise:[.3219,.7908,2.7289,.070134,-.087743],perturbed:[.1581,-1.0991,-11.087,-13.745,-13.903],mixture:[1,34682e-10,0,0,0],entropy:47059e-9,model_entropy:.43819,token:`+`,token_id:41,soft:!0,forced:!1,winner_changed:!1},{step:10,phase:`think`,candidates:[`9`,`8`,`3`,`2`,`7`],candidate_ids:[14,13,8,7,12],log_probs:[-.089356,-2.9622,-3.388,-13.816,-13.816],noise:[1.9934,1.477,-.2795,-.24223,-.33051],perturbed:[1.9041,-1.4851,-3.6675,-14.058,-14.146],mixture:[1,19087e-19,63538e-29,0,0],entropy:6469e-17,model_entropy:.63205,token:`9`,token_id:14,soft:!0,forced:!1,winner_changed:!1},{step:11,phase:`think`,candidates:[`=`,`c`,`</answer>`,`-`,`a`],candidate_ids:[45,17,4,42,15],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[1.2011,1.8669,.87571,.088692,-.3684],perturbed:[1.2011,-11.949,-12.94,-13.727,-14.184],mixture:[1,0,0,0,0],entropy:0,model_entropy:13577e-8,token:`=`,token_id:45,soft:!0,forced:!1,winner_changed:!1},{step:12,phase:`think`,candidates:[`1`,`3`,`2`,`5`,`6`],candidate_ids:[6,8,7,10,11],log_probs:[-1.6272,-.41147,-2.7673,-2.5508,-13.816],noise:[.026324,-1.3602,.71572,-.18018,3],perturbed:[-1.6009,-1.7717,-2.0515,-2.731,-10.816],mixture:[.83872,.15202,.0092542,10363e-9,80342e-45],entropy:.47733,model_entropy:1.2979,token:`1`,token_id:6,soft:!0,forced:!1,winner_changed:!0},{step:13,phase:`think`,candidates:[`8`,`5`,`7`,`9`,`6`],candidate_ids:[13,10,12,14,11],log_probs:[-1.3525,-1.5033,-2.6642,-1.0504,-2.307],noise:[.48912,.15573,.26679,-1.5,-.55221],perturbed:[-.86334,-1.3476,-2.3974,-2.5504,-2.8592],mixture:[.99217,.0078267,2.1593e-7,4.6735e-8,2.1318e-9],entropy:.045761,model_entropy:1.734,token:`8`,token_id:13,soft:!0,forced:!1,winner_changed:!0},{step:14,phase:`think`,candidates:[`</think>`,`0`,`2`,`6`,`9`],candidate_ids:[2,5,7,11,14],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[.069287,2.2247,1.3341,.36773,.31997],perturbed:[.069288,-11.591,-12.481,-13.448,-13.496],mixture:[1,0,0,0,0],entropy:0,model_entropy:.023956,token:`</think>`,token_id:2,soft:!1,forced:!1,winner_changed:!1},{step:15,phase:`answer`,candidates:[`<answer>`],candidate_ids:[3],log_probs:[0],noise:[-.074127],perturbed:[-.074127],mixture:[1],entropy:0,model_entropy:50461e-8,token:`<answer>`,token_id:3,soft:!1,forced:!1,winner_changed:!1},{step:16,phase:`answer`,candidates:[`6`],candidate_ids:[11],log_probs:[0],noise:[1.8393],perturbed:[1.8393],mixture:[1],entropy:0,model_entropy:.0039468,token:`6`,token_id:11,soft:!1,forced:!1,winner_changed:!1},{step:17,phase:`answer`,candidates:[`*`],candidate_ids:[43],log_probs:[0],noise:[.021911],perturbed:[.021911],mixture:[1],entropy:0,model_entropy:3598e-7,token:`*`,token_id:43,soft:!1,forced:!1,winner_changed:!1},{step:18,phase:`answer`,candidates:[`8`],candidate_ids:[13],log_probs:[0],noise:[-.49231],perturbed:[-.49231],mixture:[1],entropy:0,model_entropy:.030277,token:`8`,token_id:13,soft:!1,forced:!1,winner_changed:!1},{step:19,phase:`answer`,candidates:[`+`],candidate_ids:[41],log_probs:[0],noise:[-1.1489],perturbed:[-1.1489],mixture:[1],entropy:0,model_entropy:.0038684,token:`+`,token_id:41,soft:!1,forced:!1,winner_changed:!1},{step:20,phase:`answer`,candidates:[`9`],candidate_ids:[14],log_probs:[0],noise:[.89223],perturbed:[.89223],mixture:[1],entropy:0,model_entropy:81256e-8,token:`9`,token_id:14,soft:!1,forced:!1,winner_changed:!1},{step:21,phase:`answer`,candidates:[`</answer>`],candidate_ids:[4],log_probs:[0],noise:[.71548],perturbed:[.71548],mixture:[1],entropy:0,model_entropy:34243e-8,token:`</answer>`,token_id:4,soft:!1,forced:!1,winner_changed:!1}]},discrete:{result:{question:`39:6,9,8=`,expected:`6*8-9`,answer:`6*8+9`,grade:0,audit:0,thought:`6*8=48;48+9=61`,text:`6*8=48;48+9=61</think><answer>6*8+9</answer>`,steps:22,mixture_entropy:0,finished:!0},steps:[{step:0,phase:`think`,candidates:[`6`,`8`,`9`,`1`,`4`],candidate_ids:[11,13,14,6,9],log_probs:[-.049093,-3.2172,-4.9352,-8.6131,-8.7659],noise:[.92193,1.9133,.049455,-.3816,1.2526],perturbed:[.87284,-1.3039,-4.8858,-8.9947,-7.5133],mixture:[1,0,0,0,0],entropy:0,model_entropy:.21719,token:`6`,token_id:11,soft:!1,forced:!1,winner_changed:!1},{step:1,phase:`think`,candidates:[`*`,`+`,`-`,`7`,`8`],candidate_ids:[43,41,42,12,13],log_probs:[-.10049,-2.5142,-4.8657,-5.4733,-6.6272],noise:[.66211,1.4215,-1.2512,-.13506,1.156],perturbed:[.56162,-1.0927,-6.1169,-5.6083,-5.4711],mixture:[1,0,0,0,0],entropy:0,model_entropy:.374,token:`*`,token_id:43,soft:!1,forced:!1,winner_changed:!1},{step:2,phase:`think`,candidates:[`8`,`9`,`2`,`7`,`1`],candidate_ids:[13,14,7,12,6],log_probs:[-.42237,-1.1321,-4.8376,-4.8638,-5.3209],noise:[2.2317,-.45031,-.012734,.19524,-.67531],perturbed:[1.8093,-1.5824,-4.8503,-4.6686,-5.9962],mixture:[1,0,0,0,0],entropy:0,model_entropy:.75593,token:`8`,token_id:13,soft:!1,forced:!1,winner_changed:!1},{step:3,phase:`think`,candidates:[`=`,`0`,`2`,`</answer>`,`3`],candidate_ids:[45,5,7,4,8],log_probs:[-38334e-9,-10.815,-12.275,-12.587,-13],noise:[.040769,-.7708,2.4572,-.30854,2.8102],perturbed:[.040731,-11.586,-9.8181,-12.896,-10.189],mixture:[1,0,0,0,0],entropy:0,model_entropy:50057e-8,token:`=`,token_id:45,soft:!1,forced:!1,winner_changed:!1},{step:4,phase:`think`,candidates:[`4`,`5`,`6`,`3`,`7`],candidate_ids:[9,10,11,8,12],log_probs:[-.011094,-4.9252,-6.0593,-7.1468,-7.6976],noise:[.60054,-.4307,-.39423,1.1455,-.85456],perturbed:[.58944,-5.3559,-6.4536,-6.0013,-8.5522],mixture:[1,0,0,0,0],entropy:0,model_entropy:.0718,token:`4`,token_id:9,soft:!1,forced:!1,winner_changed:!1},{step:5,phase:`think`,candidates:[`8`,`4`,`2`,`6`,`0`],candidate_ids:[13,9,7,11,5],log_probs:[-.091717,-2.8186,-4.231,-4.7356,-5.5102],noise:[.17121,.50712,.35556,1.0196,-.24649],perturbed:[.079491,-2.3115,-3.8755,-3.716,-5.7567],mixture:[1,0,0,0,0],entropy:0,model_entropy:.38259,token:`8`,token_id:13,soft:!1,forced:!1,winner_changed:!1},{step:6,phase:`think`,candidates:[`;`,`</think>`,`2`,`6`,`0`],candidate_ids:[46,2,7,11,5],log_probs:[-.0027222,-6.0129,-9.0941,-9.9131,-10.017],noise:[3.7889,4.1175,1.079,2.1829,-.11645],perturbed:[3.7862,-1.8954,-8.0151,-7.7302,-10.133],mixture:[1,0,0,0,0],entropy:0,model_entropy:.020166,token:`;`,token_id:46,soft:!1,forced:!1,winner_changed:!1},{step:7,phase:`think`,candidates:[`4`,`6`,`5`,`2`,`3`],candidate_ids:[9,11,10,7,8],log_probs:[-.0087204,-5.6106,-5.7854,-6.7811,-8.0025],noise:[1.2996,3.4586,6.9612,-.056146,1.5582],perturbed:[1.2909,-2.152,1.1758,-6.8372,-6.4443],mixture:[1,0,0,0,0],entropy:0,model_entropy:.061453,token:`4`,token_id:9,soft:!1,forced:!1,winner_changed:!1},{step:8,phase:`think`,candidates:[`8`,`2`,`4`,`9`,`1`],candidate_ids:[13,7,9,14,6],log_probs:[-.002389,-7.0576,-7.0663,-8.6011,-9.0258],noise:[-.12826,.89948,1.4325,2.8407,1.1326],perturbed:[-.13065,-6.1581,-5.6338,-5.7605,-7.8932],mixture:[1,0,0,0,0],entropy:0,model_entropy:.020681,token:`8`,token_id:13,soft:!1,forced:!1,winner_changed:!1},{step:9,phase:`think`,candidates:[`+`,`-`,`*`,`/`,`0`],candidate_ids:[41,42,43,44,5],log_probs:[-.16577,-1.8919,-6.2508,-10.463,-12.814],noise:[.3219,.7908,-.087743,2.7289,.070134],perturbed:[.15613,-1.1011,-6.3386,-7.7339,-12.744],mixture:[1,0,0,0,0],entropy:0,model_entropy:.43819,token:`+`,token_id:41,soft:!1,forced:!1,winner_changed:!1},{step:10,phase:`think`,candidates:[`9`,`8`,`3`,`7`,`2`],candidate_ids:[14,13,8,12,7],log_probs:[-.14655,-3.0194,-3.4452,-3.9862,-4.3266],noise:[1.9934,1.477,-.2795,-.33051,-.24223],perturbed:[1.8469,-1.5424,-3.7247,-4.3167,-4.5688],mixture:[1,0,0,0,0],entropy:0,model_entropy:.63205,token:`9`,token_id:14,soft:!1,forced:!1,winner_changed:!1},{step:11,phase:`think`,candidates:[`=`,`</answer>`,`-`,`c`,`a`],candidate_ids:[45,4,42,17,15],log_probs:[-91318e-10,-12.41,-13.711,-14.299,-14.425],noise:[1.2011,.87571,.088692,1.8669,-.3684],perturbed:[1.201,-11.534,-13.623,-12.432,-14.793],mixture:[1,0,0,0,0],entropy:0,model_entropy:13577e-8,token:`=`,token_id:45,soft:!1,forced:!1,winner_changed:!1},{step:12,phase:`think`,candidates:[`6`,`3`,`1`,`5`,`2`],candidate_ids:[11,8,6,10,7],log_probs:[-3.244,-.50859,-1.7243,-2.648,-2.8644],noise:[3.8315,-1.3602,.026324,-.18018,.71572],perturbed:[.58746,-1.8688,-1.698,-2.8281,-2.1487],mixture:[1,0,0,0,0],entropy:0,model_entropy:1.2979,token:`6`,token_id:11,soft:!1,forced:!1,winner_changed:!0},{step:13,phase:`think`,candidates:[`1`,`9`,`8`,`3`,`0`],candidate_ids:[6,14,13,8,5],log_probs:[-2.6775,-.36568,-2.1074,-2.6192,-4.0629],noise:[1.4443,-2.0832,.48912,-.78103,-.38756],perturbed:[-1.2332,-2.4489,-1.6182,-3.4003,-4.4505],mixture:[1,0,0,0,0],entropy:0,model_entropy:1.08,token:`1`,token_id:6,soft:!1,forced:!1,winner_changed:!0},{step:14,phase:`think`,candidates:[`</think>`,`6`,`4`,`8`,`0`],candidate_ids:[2,11,9,13,5],log_probs:[-.0023627,-6.1813,-9.0912,-9.9171,-10.322],noise:[.069287,.36773,1.3728,1.8397,2.2247],perturbed:[.066925,-5.8135,-7.7184,-8.0774,-8.0978],mixture:[1,0,0,0,0],entropy:0,model_entropy:.018065,token:`</think>`,token_id:2,soft:!1,forced:!1,winner_changed:!1},{step:15,phase:`answer`,candidates:[`<answer>`,`9`,`6`,`(`,`8`],candidate_ids:[3,14,11,51,13],log_probs:[-33093e-9,-10.625,-13.128,-13.407,-14.273],noise:[-.074127,.64544,1.7467,.30605,.088572],perturbed:[-.074161,-9.9791,-11.381,-13.101,-14.185],mixture:[1,0,0,0,0],entropy:0,model_entropy:41727e-8,token:`<answer>`,token_id:3,soft:!1,forced:!1,winner_changed:!1},{step:16,phase:`answer`,candidates:[`6`,`1`,`4`,`3`,`9`],candidate_ids:[11,6,9,8,14],log_probs:[-35758e-8,-8.4825,-9.3608,-10.635,-11.156],noise:[1.8393,-.35971,-1.0888,-.24012,.62836],perturbed:[1.8389,-8.8422,-10.45,-10.875,-10.528],mixture:[1,0,0,0,0],entropy:0,model_entropy:.003658,token:`6`,token_id:11,soft:!1,forced:!1,winner_changed:!1},{step:17,phase:`answer`,candidates:[`*`,`+`,`-`,`/`,`8`],candidate_ids:[43,41,42,44,13],log_probs:[-36146e-9,-10.307,-13.78,-13.912,-15.3],noise:[.021911,1.4248,1.401,2.0125,1.1541],perturbed:[.021875,-8.8824,-12.379,-11.9,-14.146],mixture:[1,0,0,0,0],entropy:0,model_entropy:42088e-8,token:`*`,token_id:43,soft:!1,forced:!1,winner_changed:!1},{step:18,phase:`answer`,candidates:[`8`,`9`,`7`,`2`,`1`],candidate_ids:[13,14,12,7,6],log_probs:[-.0040157,-5.7686,-7.3536,-9.2249,-9.4845],noise:[-.49231,.49493,.91234,-.36228,1.2166],perturbed:[-.49633,-5.2737,-6.4412,-9.5871,-8.2679],mixture:[1,0,0,0,0],entropy:0,model_entropy:.0291,token:`8`,token_id:13,soft:!1,forced:!1,winner_changed:!1},{step:19,phase:`answer`,candidates:[`+`,`-`,`)`,`*`,`<think>`],candidate_ids:[41,42,52,43,1],log_probs:[-39757e-8,-8.0576,-9.7796,-11.573,-11.942],noise:[-1.1489,1.053,-.95761,.25979,-1.4857],perturbed:[-1.1493,-7.0046,-10.737,-11.314,-13.427],mixture:[1,0,0,0,0],entropy:0,model_entropy:.0038115,token:`+`,token_id:41,soft:!1,forced:!1,winner_changed:!1},{step:20,phase:`answer`,candidates:[`9`,`3`,`1`,`2`,`8`],candidate_ids:[14,8,6,7,13],log_probs:[-13874e-8,-9.9998,-10.245,-10.608,-10.836],noise:[.89223,.70541,1.0033,2.7489,-.6614],perturbed:[.89209,-9.2944,-9.2421,-7.8588,-11.497],mixture:[1,0,0,0,0],entropy:0,model_entropy:.001607,token:`9`,token_id:14,soft:!1,forced:!1,winner_changed:!1},{step:21,phase:`answer`,candidates:[`</answer>`,`)`,`+`,`0`,`<answer>`],candidate_ids:[4,52,41,5,3],log_probs:[-31552e-9,-10.687,-12.29,-13.862,-14.316],noise:[.71548,-.25168,.2677,-.17052,8.5007],perturbed:[.71544,-10.938,-12.023,-14.032,-5.8152],mixture:[1,0,0,0,0],entropy:0,model_entropy:39389e-8,token:`</answer>`,token_id:4,soft:!1,forced:!1,winner_changed:!1}]}},"./stored/number_sorting.json":{model_sha256:`78a3a70d0d1f736f699538f0488a9a1a29d9f52e072c406056836fb6a6998765`,soft:{result:{question:`sort 5,80,12,70=`,expected:`5,12,70,80`,answer:`5,12,70,80`,grade:1,thought:`5,80;5,12,80`,text:`5,80;5,12,80</think><answer>5,12,70,80</answer>`,steps:25,mixture_entropy:.04766,finished:!0},steps:[{step:0,phase:`think`,candidates:[`5`,`8`,`3`,`4`,`6`],candidate_ids:[10,13,8,9,11],log_probs:[-.096157,-2.3894,-13.816,-13.816,-13.816],noise:[-.30023,1.9133,2.2161,1.2526,.92193],perturbed:[-.39639,-.47612,-11.599,-12.563,-12.894],mixture:[.6894,.3106,0,0,0],entropy:.61958,model_entropy:.49345,token:`5`,token_id:10,soft:!0,forced:!1,winner_changed:!1},{step:1,phase:`think`,candidates:[`,`,`2`,`0`,`9`,`6`],candidate_ids:[47,7,5,14,11],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[-.12029,.099069,-.020065,-.41008,-.67401],perturbed:[-.12029,-13.716,-13.836,-14.226,-14.49],mixture:[1,0,0,0,0],entropy:0,model_entropy:.056734,token:`,`,token_id:47,soft:!0,forced:!1,winner_changed:!1},{step:2,phase:`think`,candidates:[`8`,`5`,`9`,`3`,`7`],candidate_ids:[13,10,14,8,12],log_probs:[-.22517,-1.7834,-3.3948,-13.816,-13.816],noise:[2.2317,-.09207,-.45031,3,.19524],perturbed:[2.0065,-1.8754,-3.8451,-10.816,-13.62],mixture:[1,13829e-21,38584e-30,0,0],entropy:53682e-20,model_entropy:.78639,token:`8`,token_id:13,soft:!0,forced:!1,winner_changed:!1},{step:3,phase:`think`,candidates:[`0`,`6`,`2`,`7`,`9`],candidate_ids:[5,11,7,12,14],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[-.7708,3,2.4572,-.31697,-.39368],perturbed:[-.77079,-10.816,-11.358,-14.132,-14.209],mixture:[1,23822e-48,0,0,0],entropy:23934e-46,model_entropy:.11036,token:`0`,token_id:5,soft:!0,forced:!1,winner_changed:!1},{step:4,phase:`think`,candidates:[`;`,`<answer>`,`<think>`,`</answer>`,`s`],candidate_ids:[46,3,1,4,33],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[-.63306,1.4372,.24358,.15242,-.2088],perturbed:[-.63306,-12.378,-13.572,-13.663,-14.024],mixture:[1,0,0,0,0],entropy:0,model_entropy:17644e-8,token:`;`,token_id:46,soft:!0,forced:!1,winner_changed:!1},{step:5,phase:`think`,candidates:[`5`,`1`,`8`,`6`,`4`],candidate_ids:[10,6,13,11,9],log_probs:[-.22022,-1.7764,-3.5611,-13.816,-13.816],noise:[.6831,-.41256,.17121,1.0196,.50712],perturbed:[.46288,-2.1889,-3.3899,-12.796,-13.308],mixture:[1,30429e-16,18516e-21,0,0],entropy:80693e-15,model_entropy:.77462,token:`5`,token_id:10,soft:!0,forced:!1,winner_changed:!1},{step:6,phase:`think`,candidates:[`,`,`2`,`5`,`8`,`9`],candidate_ids:[47,7,10,13,14],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[-.38259,1.079,.12835,-.27415,-.42187],perturbed:[-.38259,-12.737,-13.687,-14.09,-14.237],mixture:[1,0,0,0,0],entropy:0,model_entropy:.18118,token:`,`,token_id:47,soft:!0,forced:!1,winner_changed:!1},{step:7,phase:`think`,candidates:[`1`,`5`,`8`,`6`,`3`],candidate_ids:[6,10,13,11,8],log_probs:[-.18527,-3.322,-2.0171,-13.816,-13.816],noise:[2.5876,3,-.079188,3,1.5582],perturbed:[2.4023,-.32199,-2.0963,-10.816,-12.257],mixture:[1,14741e-16,29028e-24,0,0],entropy:40159e-15,model_entropy:.72195,token:`1`,token_id:6,soft:!0,forced:!1,winner_changed:!1},{step:8,phase:`think`,candidates:[`2`,`0`,`6`,`4`,`1`],candidate_ids:[7,5,11,9,6],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[.89948,3,2.2899,1.4325,1.1326],perturbed:[.89948,-10.816,-11.526,-12.383,-12.683],mixture:[1,0,0,0,0],entropy:0,model_entropy:.09648,token:`2`,token_id:7,soft:!0,forced:!1,winner_changed:!1},{step:9,phase:`think`,candidates:[`,`,`2`,`5`,`3`,`8`],candidate_ids:[47,7,10,8,13],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[-.19362,2.4408,.52546,-.27252,-1.285],perturbed:[-.19362,-11.375,-13.29,-14.088,-15.101],mixture:[1,0,0,0,0],entropy:0,model_entropy:48541e-8,token:`,`,token_id:47,soft:!0,forced:!1,winner_changed:!1},{step:10,phase:`think`,candidates:[`8`,`5`,`9`,`4`,`3`],candidate_ids:[13,10,14,9,8],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[1.477,2.8055,1.9934,1.065,-.2795],perturbed:[1.477,-11.01,-11.822,-12.75,-14.095],mixture:[1,0,0,0,0],entropy:0,model_entropy:.08561,token:`8`,token_id:13,soft:!0,forced:!1,winner_changed:!1},{step:11,phase:`think`,candidates:[`0`,`6`,`5`,`3`,`8`],candidate_ids:[5,11,10,8,13],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[1.3906,1.0894,.83935,-.8058,-.87688],perturbed:[1.3906,-12.726,-12.976,-14.621,-14.692],mixture:[1,0,0,0,0],entropy:0,model_entropy:.067572,token:`0`,token_id:5,soft:!0,forced:!1,winner_changed:!1},{step:12,phase:`think`,candidates:[`</think>`,`0`,`<answer>`,`</answer>`,`8`],candidate_ids:[2,5,3,4,13],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[2.5095,1.2024,.041068,-.17793,-1.0573],perturbed:[2.5095,-12.613,-13.774,-13.993,-14.873],mixture:[1,0,0,0,0],entropy:0,model_entropy:27267e-8,token:`</think>`,token_id:2,soft:!1,forced:!1,winner_changed:!1},{step:13,phase:`answer`,candidates:[`<answer>`],candidate_ids:[3],log_probs:[0],noise:[.3263],perturbed:[.3263],mixture:[1],entropy:0,model_entropy:16018e-8,token:`<answer>`,token_id:3,soft:!1,forced:!1,winner_changed:!1},{step:14,phase:`answer`,candidates:[`5`],candidate_ids:[10],log_probs:[0],noise:[1.3449],perturbed:[1.3449],mixture:[1],entropy:0,model_entropy:.28657,token:`5`,token_id:10,soft:!1,forced:!1,winner_changed:!1},{step:15,phase:`answer`,candidates:[`,`],candidate_ids:[47],log_probs:[0],noise:[-.057327],perturbed:[-.057327],mixture:[1],entropy:0,model_entropy:.017819,token:`,`,token_id:47,soft:!1,forced:!1,winner_changed:!1},{step:16,phase:`answer`,candidates:[`1`],candidate_ids:[6],log_probs:[0],noise:[-.35971],perturbed:[-.35971],mixture:[1],entropy:0,model_entropy:.16793,token:`1`,token_id:6,soft:!1,forced:!1,winner_changed:!1},{step:17,phase:`answer`,candidates:[`2`],candidate_ids:[7],log_probs:[0],noise:[-.5815],perturbed:[-.5815],mixture:[1],entropy:0,model_entropy:.025722,token:`2`,token_id:7,soft:!1,forced:!1,winner_changed:!1},{step:18,phase:`answer`,candidates:[`,`],candidate_ids:[47],log_probs:[0],noise:[2.2135],perturbed:[2.2135],mixture:[1],entropy:0,model_entropy:.0010829,token:`,`,token_id:47,soft:!1,forced:!1,winner_changed:!1},{step:19,phase:`answer`,candidates:[`7`,`8`,`3`],candidate_ids:[12,13,8],log_probs:[-.20914,-1.7812,-3.898],noise:[.077372,.64089,-.15983],perturbed:[-.13177,-1.1403,-4.0578],mixture:[1,0,0],entropy:0,model_entropy:.81733,token:`7`,token_id:12,soft:!1,forced:!1,winner_changed:!1},{step:20,phase:`answer`,candidates:[`0`],candidate_ids:[5],log_probs:[0],noise:[1.0333],perturbed:[1.0333],mixture:[1],entropy:0,model_entropy:.040103,token:`0`,token_id:5,soft:!1,forced:!1,winner_changed:!1},{step:21,phase:`answer`,candidates:[`,`],candidate_ids:[47],log_probs:[0],noise:[-.15077],perturbed:[-.15077],mixture:[1],entropy:0,model_entropy:37089e-8,token:`,`,token_id:47,soft:!1,forced:!1,winner_changed:!1},{step:22,phase:`answer`,candidates:[`8`],candidate_ids:[13],log_probs:[0],noise:[.56895],perturbed:[.56895],mixture:[1],entropy:0,model_entropy:.0048738,token:`8`,token_id:13,soft:!1,forced:!1,winner_changed:!1},{step:23,phase:`answer`,candidates:[`0`],candidate_ids:[5],log_probs:[0],noise:[.23383],perturbed:[.23383],mixture:[1],entropy:0,model_entropy:.057178,token:`0`,token_id:5,soft:!1,forced:!1,winner_changed:!1},{step:24,phase:`answer`,candidates:[`</answer>`],candidate_ids:[4],log_probs:[0],noise:[.41516],perturbed:[.41516],mixture:[1],entropy:0,model_entropy:.0010927,token:`</answer>`,token_id:4,soft:!1,forced:!1,winner_changed:!1}]},discrete:JSON.parse(`{"result":{"question":"sort 5,80,12,70=","expected":"5,12,70,80","answer":"5,52,70,80","grade":0,"thought":"5,80;5,52,80","text":"5,80;5,52,80</think><answer>5,52,70,80</answer>","steps":25,"mixture_entropy":0,"finished":true},"steps":[{"step":0,"phase":"think","candidates":["5","8","6","3","4"],"candidate_ids":[10,13,11,8,9],"log_probs":[-0.127,-2.4203,-5.2357,-5.2887,-5.3389],"noise":[-0.30023,1.9133,0.92193,2.2161,1.2526],"perturbed":[-0.42723,-0.50697,-4.3138,-3.0726,-4.0863],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.49345,"token":"5","token_id":10,"soft":false,"forced":false,"winner_changed":false},{"step":1,"phase":"think","candidates":[",","0","2","9","6"],"candidate_ids":[47,5,7,14,11],"log_probs":[-0.016107,-4.673,-6.5132,-6.8271,-6.8648],"noise":[-0.12029,-0.020065,0.099069,-0.41008,-0.67401],"perturbed":[-0.1364,-4.693,-6.4141,-7.2372,-7.5389],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.10692,"token":",","token_id":47,"soft":false,"forced":false,"winner_changed":false},{"step":2,"phase":"think","candidates":["8","5","9","2","1"],"candidate_ids":[13,10,14,7,6],"log_probs":[-0.062537,-3.4017,-4.7703,-5.4339,-5.5347],"noise":[2.2317,-0.09207,-0.45031,-0.012734,-0.67531],"perturbed":[2.1692,-3.4938,-5.2207,-5.4466,-6.21],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.32077,"token":"8","token_id":13,"soft":false,"forced":false,"winner_changed":false},{"step":3,"phase":"think","candidates":["0","7","2","6","8"],"candidate_ids":[5,12,7,11,13],"log_probs":[-0.018532,-5.436,-5.7926,-6.0821,-6.1922],"noise":[-0.7708,-0.31697,2.4572,3.0058,1.578],"perturbed":[-0.78933,-5.753,-3.3354,-3.0762,-4.6141],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.13161,"token":"0","token_id":5,"soft":false,"forced":false,"winner_changed":false},{"step":4,"phase":"think","candidates":[";","</answer>","<answer>","<think>","s"],"candidate_ids":[46,4,3,1,33],"log_probs":[-0.000012097,-12.599,-12.756,-13.467,-14.05],"noise":[-0.63306,0.15242,1.4372,0.24358,-0.2088],"perturbed":[-0.63307,-12.447,-11.319,-13.224,-14.259],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.00017998,"token":";","token_id":46,"soft":false,"forced":false,"winner_changed":false},{"step":5,"phase":"think","candidates":["5","1","4","2","3"],"candidate_ids":[10,6,9,7,8],"log_probs":[-0.26043,-1.5414,-5.3192,-5.6492,-6.3559],"noise":[0.6831,-0.41256,0.50712,0.35556,0.13173],"perturbed":[0.42267,-1.954,-4.812,-5.2937,-6.2242],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.62207,"token":"5","token_id":10,"soft":false,"forced":false,"winner_changed":false},{"step":6,"phase":"think","candidates":[",","2","8","9","1"],"candidate_ids":[47,7,13,14,6],"log_probs":[-0.023779,-4.1805,-6.1464,-6.4956,-6.6043],"noise":[-0.38259,1.079,-0.27415,-0.42187,1.3146],"perturbed":[-0.40637,-3.1015,-6.4205,-6.9175,-5.2897],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.14307,"token":",","token_id":47,"soft":false,"forced":false,"winner_changed":false},{"step":7,"phase":"think","candidates":["5","1","8","6","3"],"candidate_ids":[10,6,13,11,8],"log_probs":[-4.3707,-0.076949,-3.0815,-5.457,-5.5648],"noise":[6.9612,2.5876,-0.079188,3.4586,1.5582],"perturbed":[2.5904,2.5106,-3.1607,-1.9984,-4.0067],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.36032,"token":"5","token_id":10,"soft":false,"forced":false,"winner_changed":true},{"step":8,"phase":"think","candidates":["2","1","8","6","5"],"candidate_ids":[7,6,13,11,10],"log_probs":[-0.1185,-3.5296,-3.8029,-3.9606,-4.5133],"noise":[0.89948,1.1326,-0.12826,2.2899,0.68636],"perturbed":[0.78098,-2.397,-3.9312,-1.6706,-3.8269],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.57544,"token":"2","token_id":7,"soft":false,"forced":false,"winner_changed":false},{"step":9,"phase":"think","candidates":[",","3","2","8","5"],"candidate_ids":[47,8,7,13,10],"log_probs":[-0.000056028,-11.543,-11.789,-11.813,-11.955],"noise":[-0.19362,-0.27252,2.4408,-1.285,0.52546],"perturbed":[-0.19368,-11.816,-9.3484,-13.098,-11.429],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.00074484,"token":",","token_id":47,"soft":false,"forced":false,"winner_changed":false},{"step":10,"phase":"think","candidates":["8","1","9","7","3"],"candidate_ids":[13,6,14,12,8],"log_probs":[-0.09048,-2.5323,-5.8023,-6.6807,-7.0108],"noise":[1.477,-0.10554,1.9934,-0.33051,-0.2795],"perturbed":[1.3866,-2.6378,-3.8089,-7.0112,-7.2903],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.3306,"token":"8","token_id":13,"soft":false,"forced":false,"winner_changed":false},{"step":11,"phase":"think","candidates":["0","8","6","5","9"],"candidate_ids":[5,13,11,10,14],"log_probs":[-0.0034445,-7.1316,-7.7514,-7.7583,-7.8404],"noise":[1.3906,-0.87688,1.0894,0.83935,-0.37873],"perturbed":[1.3872,-8.0085,-6.662,-6.919,-8.2192],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.030468,"token":"0","token_id":5,"soft":false,"forced":false,"winner_changed":false},{"step":12,"phase":"think","candidates":["</think>","</answer>","0","<answer>"," "],"candidate_ids":[2,4,5,3,54],"log_probs":[-0.00003665,-12.08,-12.139,-12.548,-12.9],"noise":[2.5095,-0.17793,1.2024,0.041068,0.61594],"perturbed":[2.5094,-12.258,-10.937,-12.507,-12.284],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.00051874,"token":"</think>","token_id":2,"soft":false,"forced":false,"winner_changed":false},{"step":13,"phase":"answer","candidates":["<answer>",";","</answer>"," ","<think>"],"candidate_ids":[3,46,4,54,1],"log_probs":[-0.000010379,-13.308,-13.42,-13.704,-13.876],"noise":[0.3263,1.9663,0.47612,1.9004,-1.6631],"perturbed":[0.32629,-11.341,-12.944,-11.804,-15.539],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.0001608,"token":"<answer>","token_id":3,"soft":false,"forced":false,"winner_changed":false},{"step":14,"phase":"answer","candidates":["5","7","4","1","8"],"candidate_ids":[10,12,9,6,13],"log_probs":[-0.040743,-4.2052,-4.8272,-5.2744,-5.9627],"noise":[1.3449,1.5651,1.3728,0.98289,1.8397],"perturbed":[1.3041,-2.6401,-3.4544,-4.2915,-4.123],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.24101,"token":"5","token_id":10,"soft":false,"forced":false,"winner_changed":false},{"step":15,"phase":"answer","candidates":[",","2","3","8","7"],"candidate_ids":[47,7,8,13,12],"log_probs":[-0.47231,-1.0111,-5.8803,-5.9526,-6.2462],"noise":[-0.057327,-0.82763,-0.070726,0.088572,-1.0243],"perturbed":[-0.52963,-1.8387,-5.9511,-5.864,-7.2705],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.74349,"token":",","token_id":47,"soft":false,"forced":false,"winner_changed":false},{"step":16,"phase":"answer","candidates":["5","7","2","4","1"],"candidate_ids":[10,12,7,9,6],"log_probs":[-0.10311,-2.8691,-4.1224,-4.7882,-4.8492],"noise":[0.69563,-0.20945,1.695,-1.0888,-0.35971],"perturbed":[0.59253,-3.0785,-2.4274,-5.877,-5.209],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.45405,"token":"5","token_id":10,"soft":false,"forced":false,"winner_changed":false},{"step":17,"phase":"answer","candidates":["2","8","7","1","5"],"candidate_ids":[7,13,12,6,10],"log_probs":[-0.0031718,-6.8261,-7.4337,-7.7774,-8.0901],"noise":[-0.5815,1.1541,-0.53557,3.6675,-0.13741],"perturbed":[-0.58468,-5.6719,-7.9693,-4.1098,-8.2275],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.02748,"token":"2","token_id":7,"soft":false,"forced":false,"winner_changed":false},{"step":18,"phase":"answer","candidates":[",","0","2","6","4"],"candidate_ids":[47,5,7,11,9],"log_probs":[-0.00027384,-8.727,-10.443,-10.942,-11.343],"noise":[2.2135,-0.27752,-0.36228,-0.25961,-0.093383],"perturbed":[2.2132,-9.0045,-10.805,-11.201,-11.437],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.0029636,"token":",","token_id":47,"soft":false,"forced":false,"winner_changed":false},{"step":19,"phase":"answer","candidates":["7","8","5","3","6"],"candidate_ids":[12,13,10,8,11],"log_probs":[-0.18106,-1.8918,-4.8119,-6.3037,-6.3553],"noise":[0.077372,0.64089,0.45319,-0.15983,3.002],"perturbed":[-0.10369,-1.251,-4.3587,-6.4635,-3.3533],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.52084,"token":"7","token_id":12,"soft":false,"forced":false,"winner_changed":false},{"step":20,"phase":"answer","candidates":["0","7","6",",","9"],"candidate_ids":[5,12,11,47,14],"log_probs":[-0.0048368,-6.9106,-6.9485,-7.0847,-7.3312],"noise":[1.0333,3.8001,0.73722,2.1247,0.89223],"perturbed":[1.0285,-3.1104,-6.2113,-4.96,-6.439],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.040755,"token":"0","token_id":5,"soft":false,"forced":false,"winner_changed":false},{"step":21,"phase":"answer","candidates":[",","</answer>","</think>","r","8"],"candidate_ids":[47,4,2,32,13],"log_probs":[-0.000043221,-10.54,-12.576,-13.183,-13.372],"noise":[-0.15077,0.71548,0.24513,2.1813,2.0075],"perturbed":[-0.15082,-9.8244,-12.331,-11.002,-11.364],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.00055183,"token":",","token_id":47,"soft":false,"forced":false,"winner_changed":false},{"step":22,"phase":"answer","candidates":["8","5","9","4","1"],"candidate_ids":[13,10,14,9,6],"log_probs":[-0.00080748,-7.8659,-8.5319,-9.0897,-10.081],"noise":[0.56895,-0.51466,-0.4186,1.3979,0.37643],"perturbed":[0.56814,-8.3806,-8.9505,-7.6918,-9.7043],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.007761,"token":"8","token_id":13,"soft":false,"forced":false,"winner_changed":false},{"step":23,"phase":"answer","candidates":["0","6","8","2","5"],"candidate_ids":[5,11,13,7,10],"log_probs":[-0.0069924,-6.3763,-6.8319,-7.1656,-7.371],"noise":[0.23383,4.1755,-0.20909,2.158,4.4942],"perturbed":[0.22684,-2.2008,-7.041,-5.0077,-2.8769],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.056868,"token":"0","token_id":5,"soft":false,"forced":false,"winner_changed":false},{"step":24,"phase":"answer","candidates":["</answer>","</think>"," ","o","<answer>"],"candidate_ids":[4,2,54,29,3],"log_probs":[-0.000015088,-11.345,-14.017,-14.918,-15.097],"noise":[0.41516,3.5249,0.062113,-0.17961,0.24409],"perturbed":[0.41514,-7.8196,-13.955,-15.098,-14.853],"mixture":[1,0,0,0,0],"entropy":0,"model_entropy":0.00020092,"token":"</answer>","token_id":4,"soft":false,"forced":false,"winner_changed":false}]}`)},"./stored/path_star.json":{model_sha256:`29fd9c9ceff752f8fbdfbfcd319d4df985844200f70516ee2fc7cadaa8546a46`,soft:{result:{question:`kn wk ju tz zq qw uy tj ys so/t>o=`,expected:`tjuyso`,answer:`tosmso`,grade:0,thought:`osmsot`,text:`osmsot</think><answer>tosmso</answer>`,steps:15,mixture_entropy:.058149,finished:!0},steps:[{step:0,phase:`think`,candidates:[`o`,`n`,`h`,`y`,`l`],candidate_ids:[29,28,22,39,26],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[-.32597,1.2721,.79508,-.81302,-.88825],perturbed:[-.32597,-12.543,-13.02,-14.629,-14.704],mixture:[1,0,0,0,0],entropy:0,model_entropy:.0069884,token:`o`,token_id:29,soft:!0,forced:!1,winner_changed:!1},{step:1,phase:`think`,candidates:[`s`,`z`,`y`,`e`,`k`],candidate_ids:[33,40,39,19,25],log_probs:[-.12904,-2.3334,-3.7253,-13.816,-13.816],noise:[.70715,2.164,.47868,1.6025,-.63324],perturbed:[.57811,-.16945,-3.2467,-12.213,-14.449],mixture:[.99943,56643e-8,24491e-21,0,0],entropy:.004801,model_entropy:.92382,token:`s`,token_id:33,soft:!0,forced:!1,winner_changed:!1},{step:2,phase:`think`,candidates:[`m`,`o`,`y`,`t`,`z`],candidate_ids:[27,29,39,34,40],log_probs:[-3.045,-.17416,-2.5293,-3.4255,-13.816],noise:[3,-.60752,-.22499,.47598,1.517],perturbed:[-.044978,-.78168,-2.7543,-2.9495,-12.298],mixture:[.99937,63133e-8,17114e-16,24286e-17,0],entropy:.0052826,model_entropy:1.3004,token:`m`,token_id:27,soft:!0,forced:!1,winner_changed:!0},{step:3,phase:`think`,candidates:[`s`,`y`,`j`,`o`,`n`],candidate_ids:[33,39,24,29,28],log_probs:[-.78698,-1.36,-3.2633,-1.3869,-13.816],noise:[.30741,.69087,1.2475,-.6451,.46276],perturbed:[-.47956,-.6691,-2.0158,-2.032,-13.353],mixture:[.86936,.13064,1.8517e-7,1.5746e-7,0],entropy:.3876,model_entropy:1.5159,token:`s`,token_id:33,soft:!0,forced:!1,winner_changed:!1},{step:4,phase:`think`,candidates:[`o`,`y`,`m`,`r`,`t`],candidate_ids:[29,39,27,32,34],log_probs:[-.11651,-2.4866,-3.6196,-13.816,-13.816],noise:[-.45545,1.2433,.50285,1.6092,-.081079],perturbed:[-.57197,-1.2433,-3.1167,-12.206,-13.897],mixture:[.99879,.001213,88638e-16,0,0],entropy:.0093572,model_entropy:1.0838,token:`o`,token_id:29,soft:!0,forced:!1,winner_changed:!1},{step:5,phase:`think`,candidates:[`t`,`a`,`y`,`f`,`>`],candidate_ids:[34,15,39,20,49],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[2.9203,2.9434,1.7416,-.080047,-.13985],perturbed:[2.9203,-10.872,-12.074,-13.896,-13.955],mixture:[1,0,0,0,0],entropy:0,model_entropy:.0017262,token:`t`,token_id:34,soft:!0,forced:!1,winner_changed:!1},{step:6,phase:`think`,candidates:[`</think>`,`<answer>`,`q`,`n`,`y`],candidate_ids:[2,3,31,28,39],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[3,2.0241,1.1261,.67442,-.58626],perturbed:[3,-11.791,-12.689,-13.141,-14.402],mixture:[1,0,0,0,0],entropy:0,model_entropy:77358e-8,token:`</think>`,token_id:2,soft:!1,forced:!1,winner_changed:!1},{step:7,phase:`answer`,candidates:[`<answer>`],candidate_ids:[3],log_probs:[0],noise:[-1.2191],perturbed:[-1.2191],mixture:[1],entropy:0,model_entropy:.0041983,token:`<answer>`,token_id:3,soft:!1,forced:!1,winner_changed:!1},{step:8,phase:`answer`,candidates:[`t`],candidate_ids:[34],log_probs:[0],noise:[-.042548],perturbed:[-.042548],mixture:[1],entropy:0,model_entropy:.0037255,token:`t`,token_id:34,soft:!1,forced:!1,winner_changed:!1},{step:9,phase:`answer`,candidates:[`o`],candidate_ids:[29],log_probs:[0],noise:[.010538],perturbed:[.010538],mixture:[1],entropy:0,model_entropy:.0071896,token:`o`,token_id:29,soft:!1,forced:!1,winner_changed:!1},{step:10,phase:`answer`,candidates:[`s`],candidate_ids:[33],log_probs:[0],noise:[1.363],perturbed:[1.363],mixture:[1],entropy:0,model_entropy:.016796,token:`s`,token_id:33,soft:!1,forced:!1,winner_changed:!1},{step:11,phase:`answer`,candidates:[`m`,`d`],candidate_ids:[27,18],log_probs:[-.033719,-3.4065],noise:[-.014185,-.55028],perturbed:[-.047903,-3.9568],mixture:[1,0],entropy:0,model_entropy:.49373,token:`m`,token_id:27,soft:!1,forced:!1,winner_changed:!1},{step:12,phase:`answer`,candidates:[`s`],candidate_ids:[33],log_probs:[0],noise:[-.62897],perturbed:[-.62897],mixture:[1],entropy:0,model_entropy:.008582,token:`s`,token_id:33,soft:!1,forced:!1,winner_changed:!1},{step:13,phase:`answer`,candidates:[`o`],candidate_ids:[29],log_probs:[0],noise:[-.789],perturbed:[-.789],mixture:[1],entropy:0,model_entropy:.071715,token:`o`,token_id:29,soft:!1,forced:!1,winner_changed:!1},{step:14,phase:`answer`,candidates:[`</answer>`],candidate_ids:[4],log_probs:[0],noise:[-.64469],perturbed:[-.64469],mixture:[1],entropy:0,model_entropy:57809e-8,token:`</answer>`,token_id:4,soft:!1,forced:!1,winner_changed:!1}]},discrete:{result:{question:`kn wk ju tz zq qw uy tj ys so/t>o=`,expected:`tjuyso`,answer:`tksmso`,grade:0,thought:`osmskt`,text:`osmskt</think><answer>tksmso</answer>`,steps:15,mixture_entropy:0,finished:!0},steps:[{step:0,phase:`think`,candidates:[`o`,`y`,`l`,`h`,`n`],candidate_ids:[29,39,26,22,28],log_probs:[-65588e-8,-8.245,-9.3602,-9.8323,-9.9564],noise:[-.32597,-.81302,-.88825,.79508,1.2721],perturbed:[-.32662,-9.058,-10.248,-9.0372,-8.6843],mixture:[1,0,0,0,0],entropy:0,model_entropy:.0069884,token:`o`,token_id:29,soft:!1,forced:!1,winner_changed:!1},{step:1,phase:`think`,candidates:[`s`,`z`,`y`,`e`,`k`],candidate_ids:[33,40,39,19,25],log_probs:[-.22279,-2.4272,-3.8191,-4.0689,-4.3707],noise:[.70715,2.164,.47868,1.6025,-.63324],perturbed:[.48436,-.2632,-3.3404,-2.4664,-5.004],mixture:[1,0,0,0,0],entropy:0,model_entropy:.92382,token:`s`,token_id:33,soft:!1,forced:!1,winner_changed:!1},{step:2,phase:`think`,candidates:[`m`,`o`,`y`,`t`,`z`],candidate_ids:[27,29,39,34,40],log_probs:[-3.1952,-.32615,-2.6797,-3.576,-3.8107],noise:[4.0255,-.60752,-.22499,.47598,1.517],perturbed:[.83033,-.93367,-2.9047,-3.1,-2.2936],mixture:[1,0,0,0,0],entropy:0,model_entropy:1.3015,token:`m`,token_id:27,soft:!1,forced:!1,winner_changed:!0},{step:3,phase:`think`,candidates:[`s`,`y`,`o`,`j`,`n`],candidate_ids:[33,39,29,24,28],log_probs:[-.86105,-1.4329,-1.4603,-3.3363,-3.8411],noise:[.30741,.69087,-.6451,1.2475,.46276],perturbed:[-.55364,-.74199,-2.1054,-2.0888,-3.3783],mixture:[1,0,0,0,0],entropy:0,model_entropy:1.5161,token:`s`,token_id:33,soft:!1,forced:!1,winner_changed:!1},{step:4,phase:`think`,candidates:[`k`,`o`,`y`,`m`,`t`],candidate_ids:[25,29,39,27,34],log_probs:[-4.8065,-.29065,-2.6121,-3.1561,-3.6472],noise:[5.9841,-.45545,1.2433,.50285,-.081079],perturbed:[1.1776,-.74611,-1.3688,-2.6532,-3.7283],mixture:[1,0,0,0,0],entropy:0,model_entropy:1.179,token:`k`,token_id:25,soft:!1,forced:!1,winner_changed:!0},{step:5,phase:`think`,candidates:[`t`,`w`,`o`,`y`,`n`],candidate_ids:[34,37,29,39,28],log_probs:[-.17595,-1.8839,-6.4285,-6.5059,-6.6301],noise:[2.9203,1.5396,1.703,1.7416,-.88708],perturbed:[2.7443,-.34429,-4.7255,-4.7643,-7.5172],mixture:[1,0,0,0,0],entropy:0,model_entropy:.50452,token:`t`,token_id:34,soft:!1,forced:!1,winner_changed:!1},{step:6,phase:`think`,candidates:[`</think>`,`<answer>`,`q`,`y`,`n`],candidate_ids:[2,3,31,39,28],log_probs:[-57471e-9,-10.987,-11.726,-11.834,-12.45],noise:[4.1175,2.0241,1.1261,-.58626,.67442],perturbed:[4.1175,-8.9632,-10.6,-12.42,-11.776],mixture:[1,0,0,0,0],entropy:0,model_entropy:77861e-8,token:`</think>`,token_id:2,soft:!1,forced:!1,winner_changed:!1},{step:7,phase:`answer`,candidates:[`<answer>`,`</think>`,`t`,`!`,`)`],candidate_ids:[3,2,34,58,52],log_probs:[-42178e-8,-9.082,-10.424,-10.998,-11.297],noise:[-1.2191,.52925,-.097657,-.033477,.43013],perturbed:[-1.2195,-8.5527,-10.521,-11.031,-10.867],mixture:[1,0,0,0,0],entropy:0,model_entropy:.0050731,token:`<answer>`,token_id:3,soft:!1,forced:!1,winner_changed:!1},{step:8,phase:`answer`,candidates:[`t`,`a`,`<answer>`,`y`,`c`],candidate_ids:[34,15,3,39,17],log_probs:[-3104e-7,-9.1829,-9.8386,-10.057,-11.53],noise:[-.042548,-.63007,.57575,-.11937,5.1283],perturbed:[-.042858,-9.8129,-9.2628,-10.176,-6.4021],mixture:[1,0,0,0,0],entropy:0,model_entropy:.0036356,token:`t`,token_id:34,soft:!1,forced:!1,winner_changed:!1},{step:9,phase:`answer`,candidates:[`k`,`c`,`t`,`n`,`s`],candidate_ids:[25,17,34,28,33],log_probs:[-93958e-8,-8.0985,-8.9778,-9.2931,-9.3872],noise:[.69485,-.55378,-.23658,.73005,-.45321],perturbed:[.69391,-8.6522,-9.2143,-8.563,-9.8404],mixture:[1,0,0,0,0],entropy:0,model_entropy:.0099359,token:`k`,token_id:25,soft:!1,forced:!1,winner_changed:!1},{step:10,phase:`answer`,candidates:[`s`,`o`,`y`,`z`,`n`],candidate_ids:[33,29,39,40,28],log_probs:[-.0023547,-6.7123,-7.6227,-9.3551,-9.5876],noise:[1.363,1.0913,-.036712,1.1805,.73952],perturbed:[1.3606,-5.621,-7.6594,-8.1746,-8.8481],mixture:[1,0,0,0,0],entropy:0,model_entropy:.021129,token:`s`,token_id:33,soft:!1,forced:!1,winner_changed:!1},{step:11,phase:`answer`,candidates:[`m`,`i`,`a`,`d`,`u`],candidate_ids:[27,23,15,18,35],log_probs:[-.0022472,-7.6799,-8.0414,-8.0444,-8.0877],noise:[-.014185,-.72668,-.3684,-.55028,1.4948],perturbed:[-.016432,-8.4065,-8.4098,-8.5947,-6.593],mixture:[1,0,0,0,0],entropy:0,model_entropy:.021611,token:`m`,token_id:27,soft:!1,forced:!1,winner_changed:!1},{step:12,phase:`answer`,candidates:[`s`,`o`,`f`,`x`,`t`],candidate_ids:[33,29,20,38,34],log_probs:[-49179e-8,-8.8812,-8.9837,-10.073,-10.846],noise:[-.62897,.90648,1.2819,.26587,3.1448],perturbed:[-.62946,-7.9747,-7.7019,-9.8071,-7.7008],mixture:[1,0,0,0,0],entropy:0,model_entropy:.0055141,token:`s`,token_id:33,soft:!1,forced:!1,winner_changed:!1},{step:13,phase:`answer`,candidates:[`o`,`l`,`y`,`s`,`n`],candidate_ids:[29,26,39,33,28],log_probs:[-.01031,-5.1191,-6.1269,-6.8764,-8.2962],noise:[-.789,-.32466,1.3964,-.34864,-.2304],perturbed:[-.79931,-5.4438,-4.7304,-7.225,-8.5266],mixture:[1,0,0,0,0],entropy:0,model_entropy:.071174,token:`o`,token_id:29,soft:!1,forced:!1,winner_changed:!1},{step:14,phase:`answer`,candidates:[`</answer>`,`s`,`_`,`9`,`<unused2>`],candidate_ids:[4,33,57,14,62],log_probs:[-41505e-9,-12.97,-13.055,-13.07,-13.124],noise:[-.64469,.046326,.47895,.31997,.17915],perturbed:[-.64473,-12.924,-12.576,-12.75,-12.945],mixture:[1,0,0,0,0],entropy:0,model_entropy:60933e-8,token:`</answer>`,token_id:4,soft:!1,forced:!1,winner_changed:!1}]}},"./stored/reach.json":{model_sha256:`d388a186cd73b0b681662dde13bd701261e87a79f54d649cf1e101396f32f257`,soft:{result:{question:`ba bg bd fc be ei ah ce ga?f>d|g|h|i`,expected:`i`,answer:`i`,grade:1,thought:`c;e;i`,text:`c;e;i</think><answer>i</answer>`,steps:9,mixture_entropy:.11749,finished:!0},steps:[{step:0,phase:`think`,candidates:[`c`,`a`,`b`,`e`,`h`],candidate_ids:[17,15,16,19,22],log_probs:[-.13355,-2.8579,-3.3933,-3.3803,-13.816],noise:[-.64832,1.2075,-.14377,-.65163,.79508],perturbed:[-.78187,-1.6504,-3.5371,-4.0319,-13.02],mixture:[.99983,16909e-8,10816e-16,76743e-19,0],entropy:.0016377,model_entropy:.89475,token:`c`,token_id:17,soft:!0,forced:!1,winner_changed:!1},{step:1,phase:`think`,candidates:[`;`,`h`,`e`,`</think>`,`d`],candidate_ids:[46,22,19,2,18],log_probs:[-.018806,-3.9828,-13.816,-13.816,-13.816],noise:[2.0894,-.60412,1.6025,1.0638,-.33823],perturbed:[2.0706,-4.587,-12.213,-12.752,-14.154],mixture:[1,12207e-33,0,0,0],entropy:81268e-32,model_entropy:.3261,token:`;`,token_id:46,soft:!0,forced:!1,winner_changed:!1},{step:2,phase:`think`,candidates:[`e`,`d`,`h`,`a`,`i`],candidate_ids:[19,18,22,15,23],log_probs:[-.24658,-2.4377,-3.1875,-2.4091,-13.816],noise:[1.1846,.75595,-.36244,-1.2735,.458],perturbed:[.93801,-1.6818,-3.5499,-3.6825,-13.358],mixture:[1,41926e-16,32306e-24,85753e-25,0],entropy:10984e-14,model_entropy:1.0675,token:`e`,token_id:19,soft:!0,forced:!1,winner_changed:!1},{step:3,phase:`think`,candidates:[`;`,`h`,`g`,`</think>`,`f`],candidate_ids:[46,22,21,2,20],log_probs:[-.17627,-2.0937,-3.2599,-13.816,-13.816],noise:[2.0198,1.3718,-.24713,-.013555,-.070403],perturbed:[1.8436,-.72198,-3.5071,-13.829,-13.886],mixture:[1,72099e-16,57867e-28,0,0],entropy:18497e-14,model_entropy:.8068,token:`;`,token_id:46,soft:!0,forced:!1,winner_changed:!1},{step:4,phase:`think`,candidates:[`i`,`h`,`d`,`a`,`g`],candidate_ids:[23,22,18,15,21],log_probs:[-.46753,-2.0314,-2.2624,-2.5612,-2.797],noise:[-.70567,.79609,.64738,.81794,.81433],perturbed:[-1.1732,-1.2353,-1.615,-1.7432,-1.9827],mixture:[.64384,.34605,.0077614,.002154,19642e-8],entropy:.70332,model_entropy:1.3327,token:`i`,token_id:23,soft:!0,forced:!1,winner_changed:!1},{step:5,phase:`think`,candidates:[`</think>`,`i`,`;`,`h`,`g`],candidate_ids:[2,23,46,22,21],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[.85687,1.0854,.40257,-.23072,-.42721],perturbed:[.85687,-12.73,-13.413,-14.046,-14.243],mixture:[1,0,0,0,0],entropy:0,model_entropy:.0021191,token:`</think>`,token_id:2,soft:!1,forced:!1,winner_changed:!1},{step:6,phase:`answer`,candidates:[`<answer>`],candidate_ids:[3],log_probs:[0],noise:[2.0241],perturbed:[2.0241],mixture:[1],entropy:0,model_entropy:82324e-9,token:`<answer>`,token_id:3,soft:!1,forced:!1,winner_changed:!1},{step:7,phase:`answer`,candidates:[`i`,`h`,`g`],candidate_ids:[23,22,21],log_probs:[-.34945,-1.312,-3.663],noise:[-.51352,-.84387,.19088],perturbed:[-.86297,-2.1559,-3.4721],mixture:[1,0,0],entropy:0,model_entropy:.99617,token:`i`,token_id:23,soft:!1,forced:!1,winner_changed:!1},{step:8,phase:`answer`,candidates:[`</answer>`],candidate_ids:[4],log_probs:[0],noise:[1.8609],perturbed:[1.8609],mixture:[1],entropy:0,model_entropy:2.5183e-8,token:`</answer>`,token_id:4,soft:!1,forced:!1,winner_changed:!1}]},discrete:{result:{question:`ba bg bd fc be ei ah ce ga?f>d|g|h|i`,expected:`i`,answer:`i`,grade:1,thought:`c;e;i`,text:`c;e;i</think><answer>i</answer>`,steps:9,mixture_entropy:0,finished:!0},steps:[{step:0,phase:`think`,candidates:[`c`,`a`,`e`,`b`,`h`],candidate_ids:[17,15,19,16,22],log_probs:[-.22818,-2.9525,-3.475,-3.488,-3.6434],noise:[-.64832,1.2075,-.65163,-.14377,.79508],perturbed:[-.8765,-1.745,-4.1266,-3.6318,-2.8483],mixture:[1,0,0,0,0],entropy:0,model_entropy:.89475,token:`c`,token_id:17,soft:!1,forced:!1,winner_changed:!1},{step:1,phase:`think`,candidates:[`;`,`h`,`e`,`d`,`</think>`],candidate_ids:[46,22,19,18,2],log_probs:[-.061151,-4.0249,-4.2301,-4.6046,-4.9117],noise:[2.0894,-.60412,1.6025,-.33823,1.0638],perturbed:[2.0283,-4.6291,-2.6276,-4.9428,-3.848],mixture:[1,0,0,0,0],entropy:0,model_entropy:.32616,token:`;`,token_id:46,soft:!1,forced:!1,winner_changed:!1},{step:2,phase:`think`,candidates:[`e`,`a`,`d`,`h`,`i`],candidate_ids:[19,15,18,22,23],log_probs:[-.32931,-2.4898,-2.5196,-3.2692,-3.4077],noise:[1.1846,-1.2735,.75595,-.36244,.458],perturbed:[.85529,-3.7633,-1.7637,-3.6316,-2.9497],mixture:[1,0,0,0,0],entropy:0,model_entropy:1.0681,token:`e`,token_id:19,soft:!1,forced:!1,winner_changed:!1},{step:3,phase:`think`,candidates:[`;`,`h`,`g`,`</think>`,`f`],candidate_ids:[46,22,21,2,20],log_probs:[-.24136,-2.1588,-3.3251,-3.4037,-4.18],noise:[2.0198,1.3718,-.24713,-.013555,-.070403],perturbed:[1.7785,-.78707,-3.5722,-3.4173,-4.2504],mixture:[1,0,0,0,0],entropy:0,model_entropy:.80681,token:`;`,token_id:46,soft:!1,forced:!1,winner_changed:!1},{step:4,phase:`think`,candidates:[`i`,`h`,`d`,`a`,`g`],candidate_ids:[23,22,18,15,21],log_probs:[-.50861,-2.0725,-2.3035,-2.602,-2.8381],noise:[-.70567,.79609,.64738,.81794,.81433],perturbed:[-1.2143,-1.2764,-1.6561,-1.784,-2.0238],mixture:[1,0,0,0,0],entropy:0,model_entropy:1.3327,token:`i`,token_id:23,soft:!1,forced:!1,winner_changed:!1},{step:5,phase:`think`,candidates:[`</think>`,`;`,`h`,`i`,`<answer>`],candidate_ids:[2,46,22,23,3],log_probs:[-78345e-9,-10.038,-11.531,-11.636,-12.43],noise:[.85687,.40257,-.23072,1.0854,.13719],perturbed:[.85679,-9.6356,-11.762,-10.55,-12.292],mixture:[1,0,0,0,0],entropy:0,model_entropy:93955e-8,token:`</think>`,token_id:2,soft:!1,forced:!1,winner_changed:!1},{step:6,phase:`answer`,candidates:[`<answer>`,`d`,`</think>`,`i`,`?`],candidate_ids:[3,18,2,23,53],log_probs:[-53118e-10,-13.032,-14.01,-14.352,-15.018],noise:[2.0241,1.5783,4.1175,.38559,1.0438],perturbed:[2.0241,-11.454,-9.8927,-13.967,-13.974],mixture:[1,0,0,0,0],entropy:0,model_entropy:80344e-9,token:`<answer>`,token_id:3,soft:!1,forced:!1,winner_changed:!1},{step:7,phase:`answer`,candidates:[`i`,`g`,`e`,`d`,`h`],candidate_ids:[23,21,19,18,22],log_probs:[-.031249,-5.1064,-5.3851,-5.4337,-5.4744],noise:[-.51352,.19088,-.09867,-.55398,-.84387],perturbed:[-.54477,-4.9155,-5.4838,-5.9877,-6.3183],mixture:[1,0,0,0,0],entropy:0,model_entropy:.20054,token:`i`,token_id:23,soft:!1,forced:!1,winner_changed:!1},{step:8,phase:`answer`,candidates:[`</answer>`,`q`,`x`,`m`,`p`],candidate_ids:[4,31,38,27,30],log_probs:[-1.153e-9,-23.777,-23.845,-23.846,-24.001],noise:[1.8609,-.6943,.88779,4.4109,-.48294],perturbed:[1.8609,-24.472,-22.957,-19.435,-24.484],mixture:[1,0,0,0,0],entropy:0,model_entropy:2.9303e-8,token:`</answer>`,token_id:4,soft:!1,forced:!1,winner_changed:!1}]}},"./stored/spell_backward.json":{model_sha256:`3103057642f98d2035dabb5f8760869888e69d55559328eeef3a5d66191efd55`,soft:{result:{question:`back xpmfeqhr=`,expected:`rhqefmpx`,answer:`rhqefmpx`,grade:1,thought:`rhqefmpx`,text:`rhqefmpx</think><answer>rhqefmpx</answer>`,steps:19,mixture_entropy:.073907,finished:!0},steps:[{step:0,phase:`think`,candidates:[`r`,`u`,`p`,`v`,`e`],candidate_ids:[32,35,30,36,19],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[.018687,.58947,.47109,-.19927,-.65163],perturbed:[.018688,-13.226,-13.344,-14.015,-14.467],mixture:[1,0,0,0,0],entropy:0,model_entropy:.026362,token:`r`,token_id:32,soft:!0,forced:!1,winner_changed:!1},{step:1,phase:`think`,candidates:[`h`,`b`,`y`,`q`,`m`],candidate_ids:[22,16,39,31,27],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[-.60412,2.5896,.47868,.075474,-.38606],perturbed:[-.60412,-11.226,-13.337,-13.74,-14.202],mixture:[1,0,0,0,0],entropy:0,model_entropy:.017818,token:`h`,token_id:22,soft:!0,forced:!1,winner_changed:!1},{step:2,phase:`think`,candidates:[`q`,`u`,`f`,`p`,`v`],candidate_ids:[31,35,20,30,36],log_probs:[-.029416,-3.5408,-13.816,-13.816,-13.816],noise:[2.1392,1.5238,.29399,.27523,-.56606],perturbed:[2.1098,-2.017,-13.522,-13.54,-14.382],mixture:[1,11953e-22,0,0,0],entropy:49328e-21,model_entropy:.39693,token:`q`,token_id:31,soft:!0,forced:!1,winner_changed:!1},{step:3,phase:`think`,candidates:[`e`,`v`,`-`,`g`,`r`],candidate_ids:[19,36,42,21,32],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[1.2129,.35778,-.20638,-.24713,-.48625],perturbed:[1.2129,-13.458,-14.022,-14.063,-14.302],mixture:[1,0,0,0,0],entropy:0,model_entropy:.021054,token:`e`,token_id:19,soft:!0,forced:!1,winner_changed:!1},{step:4,phase:`think`,candidates:[`f`,`a`,`g`,`t`,`q`],candidate_ids:[20,15,21,34,31],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[-.31153,.81794,.81433,-.081079,-.29646],perturbed:[-.31153,-12.998,-13.001,-13.897,-14.112],mixture:[1,0,0,0,0],entropy:0,model_entropy:.036918,token:`f`,token_id:20,soft:!0,forced:!1,winner_changed:!1},{step:5,phase:`think`,candidates:[`m`,`p`,`u`,`g`,`r`],candidate_ids:[27,30,35,21,32],log_probs:[-1.0061,-.96459,-2.5686,-2.2011,-2.7195],noise:[-.19398,-.2835,-.0049815,-.42721,-1.0233],perturbed:[-1.2001,-1.2481,-2.5736,-2.6284,-3.7427],mixture:[.61777,.38223,6.6955e-7,3.8721e-7,56006e-16],entropy:.66516,model_entropy:2.3903,token:`m`,token_id:27,soft:!0,forced:!1,winner_changed:!0},{step:6,phase:`think`,candidates:[`p`,`b`,`q`,`</answer>`,`x`],candidate_ids:[30,16,31,4,38],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[-.71186,1.8646,1.1261,1.0839,1.0118],perturbed:[-.71186,-11.951,-12.689,-12.732,-12.804],mixture:[1,0,0,0,0],entropy:0,model_entropy:.018172,token:`p`,token_id:30,soft:!0,forced:!1,winner_changed:!1},{step:7,phase:`think`,candidates:[`x`,`z`,`f`,`e`,`i`],candidate_ids:[38,40,20,19,23],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[-.42896,2.1943,.4297,-.09867,-.51352],perturbed:[-.42896,-11.621,-13.386,-13.914,-14.329],mixture:[1,0,0,0,0],entropy:0,model_entropy:.012937,token:`x`,token_id:38,soft:!0,forced:!1,winner_changed:!1},{step:8,phase:`think`,candidates:[`</think>`,`b`,`<answer>`,`p`,`q`],candidate_ids:[2,16,3,30,31],log_probs:[1e-6,-13.816,-13.816,-13.816,-13.816],noise:[.64065,1.0417,.57575,-.48294,-.6943],perturbed:[.64065,-12.774,-13.24,-14.298,-14.51],mixture:[1,0,0,0,0],entropy:0,model_entropy:.012543,token:`</think>`,token_id:2,soft:!1,forced:!1,winner_changed:!1},{step:9,phase:`answer`,candidates:[`<answer>`],candidate_ids:[3],log_probs:[0],noise:[1.2815],perturbed:[1.2815],mixture:[1],entropy:0,model_entropy:.0059722,token:`<answer>`,token_id:3,soft:!1,forced:!1,winner_changed:!1},{step:10,phase:`answer`,candidates:[`r`],candidate_ids:[32],log_probs:[0],noise:[-.41129],perturbed:[-.41129],mixture:[1],entropy:0,model_entropy:.028117,token:`r`,token_id:32,soft:!1,forced:!1,winner_changed:!1},{step:11,phase:`answer`,candidates:[`h`],candidate_ids:[22],log_probs:[0],noise:[-.1865],perturbed:[-.1865],mixture:[1],entropy:0,model_entropy:.011639,token:`h`,token_id:22,soft:!1,forced:!1,winner_changed:!1},{step:12,phase:`answer`,candidates:[`q`],candidate_ids:[31],log_probs:[0],noise:[-1.4028],perturbed:[-1.4028],mixture:[1],entropy:0,model_entropy:.010209,token:`q`,token_id:31,soft:!1,forced:!1,winner_changed:!1},{step:13,phase:`answer`,candidates:[`e`],candidate_ids:[19],log_probs:[0],noise:[3.9507],perturbed:[3.9507],mixture:[1],entropy:0,model_entropy:.018053,token:`e`,token_id:19,soft:!1,forced:!1,winner_changed:!1},{step:14,phase:`answer`,candidates:[`f`],candidate_ids:[20],log_probs:[0],noise:[.50455],perturbed:[.50455],mixture:[1],entropy:0,model_entropy:.021428,token:`f`,token_id:20,soft:!1,forced:!1,winner_changed:!1},{step:15,phase:`answer`,candidates:[`m`],candidate_ids:[27],log_probs:[0],noise:[.35555],perturbed:[.35555],mixture:[1],entropy:0,model_entropy:.18703,token:`m`,token_id:27,soft:!1,forced:!1,winner_changed:!1},{step:16,phase:`answer`,candidates:[`p`],candidate_ids:[30],log_probs:[0],noise:[.52372],perturbed:[.52372],mixture:[1],entropy:0,model_entropy:.082347,token:`p`,token_id:30,soft:!1,forced:!1,winner_changed:!1},{step:17,phase:`answer`,candidates:[`x`],candidate_ids:[38],log_probs:[0],noise:[-.053859],perturbed:[-.053859],mixture:[1],entropy:0,model_entropy:.029412,token:`x`,token_id:38,soft:!1,forced:!1,winner_changed:!1},{step:18,phase:`answer`,candidates:[`</answer>`],candidate_ids:[4],log_probs:[0],noise:[-.49799],perturbed:[-.49799],mixture:[1],entropy:0,model_entropy:.011446,token:`</answer>`,token_id:4,soft:!1,forced:!1,winner_changed:!1}]},discrete:{result:{question:`back xpmfeqhr=`,expected:`rhqefmpx`,answer:`rhqeftpx`,grade:.875,thought:`rhqeftpx`,text:`rhqeftpx</think><answer>rhqeftpx</answer>`,steps:19,mixture_entropy:0,finished:!0},steps:[{step:0,phase:`think`,candidates:[`r`,`p`,`e`,`v`,`u`],candidate_ids:[32,30,19,36,35],log_probs:[-.0025494,-7.684,-8.5964,-8.669,-8.817],noise:[.018687,.47109,-.65163,-.19927,.58947],perturbed:[.016137,-7.2129,-9.248,-8.8682,-8.2275],mixture:[1,0,0,0,0],entropy:0,model_entropy:.026362,token:`r`,token_id:32,soft:!1,forced:!1,winner_changed:!1},{step:1,phase:`think`,candidates:[`h`,`q`,`m`,`b`,`y`],candidate_ids:[22,31,27,16,39],log_probs:[-.0017401,-7.589,-8.5594,-8.7098,-9.2823],noise:[-.60412,.075474,-.38606,2.5896,.47868],perturbed:[-.60586,-7.5135,-8.9454,-6.1202,-8.8037],mixture:[1,0,0,0,0],entropy:0,model_entropy:.017818,token:`h`,token_id:22,soft:!1,forced:!1,winner_changed:!1},{step:2,phase:`think`,candidates:[`q`,`u`,`p`,`v`,`f`],candidate_ids:[31,35,30,36,20],log_probs:[-.073062,-3.5845,-3.94,-5.307,-5.552],noise:[2.1392,1.5238,.27523,-.56606,.29399],perturbed:[2.0662,-2.0607,-3.6648,-5.873,-5.258],mixture:[1,0,0,0,0],entropy:0,model_entropy:.39693,token:`q`,token_id:31,soft:!1,forced:!1,winner_changed:!1},{step:3,phase:`think`,candidates:[`e`,`g`,`r`,`v`,`-`],candidate_ids:[19,21,32,36,42],log_probs:[-.0020327,-7.6412,-8.5461,-8.7938,-8.9793],noise:[1.2129,-.24713,-.48625,.35778,-.20638],perturbed:[1.2109,-7.8884,-9.0324,-8.436,-9.1857],mixture:[1,0,0,0,0],entropy:0,model_entropy:.021054,token:`e`,token_id:19,soft:!1,forced:!1,winner_changed:!1},{step:4,phase:`think`,candidates:[`f`,`t`,`q`,`g`,`a`],candidate_ids:[20,34,31,21,15],log_probs:[-.0040154,-6.5655,-7.2944,-8.5654,-8.6309],noise:[-.31153,-.081079,-.29646,.81433,.81794],perturbed:[-.31555,-6.6465,-7.5909,-7.7511,-7.813],mixture:[1,0,0,0,0],entropy:0,model_entropy:.036918,token:`f`,token_id:20,soft:!1,forced:!1,winner_changed:!1},{step:5,phase:`think`,candidates:[`t`,`p`,`m`,`g`,`u`],candidate_ids:[34,30,27,21,35],log_probs:[-3.2859,-1.3,-1.3415,-2.5365,-2.904],noise:[2.9203,-.2835,-.19398,-.42721,-.0049815],perturbed:[-.36561,-1.5835,-1.5355,-2.9637,-2.909],mixture:[1,0,0,0,0],entropy:0,model_entropy:2.3903,token:`t`,token_id:34,soft:!1,forced:!1,winner_changed:!0},{step:6,phase:`think`,candidates:[`p`,`b`,`</answer>`,`q`,`s`],candidate_ids:[30,16,4,31,33],log_probs:[-.0035391,-6.6547,-7.3025,-8.1825,-8.6327],noise:[-.71186,1.8646,1.0839,1.1261,.66326],perturbed:[-.7154,-4.7901,-6.2186,-7.0563,-7.9694],mixture:[1,0,0,0,0],entropy:0,model_entropy:.032399,token:`p`,token_id:30,soft:!1,forced:!1,winner_changed:!1},{step:7,phase:`think`,candidates:[`x`,`f`,`z`,`i`,`e`],candidate_ids:[38,20,40,23,19],log_probs:[-.0012324,-7.7882,-8.7656,-8.9953,-9.3911],noise:[-.42896,.4297,2.1943,-.51352,-.09867],perturbed:[-.4302,-7.3585,-6.5712,-9.5088,-9.4898],mixture:[1,0,0,0,0],entropy:0,model_entropy:.012783,token:`x`,token_id:38,soft:!1,forced:!1,winner_changed:!1},{step:8,phase:`think`,candidates:[`</think>`,`q`,`p`,`<answer>`,`b`],candidate_ids:[2,31,30,3,16],log_probs:[-.0012551,-7.4277,-8.6141,-9.4719,-10.384],noise:[.64065,-.6943,-.48294,.57575,1.0417],perturbed:[.63939,-8.122,-9.097,-8.8961,-9.342],mixture:[1,0,0,0,0],entropy:0,model_entropy:.0126,token:`</think>`,token_id:2,soft:!1,forced:!1,winner_changed:!1},{step:9,phase:`answer`,candidates:[`<answer>`,`</think>`,`o`,`|`,`<unused0>`],candidate_ids:[3,2,29,50,60],log_probs:[-48106e-8,-10.49,-10.572,-10.658,-10.736],noise:[1.2815,2.7413,.010538,.076236,.62611],perturbed:[1.281,-7.7489,-10.562,-10.582,-10.109],mixture:[1,0,0,0,0],entropy:0,model_entropy:.0059551,token:`<answer>`,token_id:3,soft:!1,forced:!1,winner_changed:!1},{step:10,phase:`answer`,candidates:[`r`,`p`,`u`,`</answer>`,`i`],candidate_ids:[32,30,35,4,23],log_probs:[-.0028596,-7.3715,-7.4127,-8.4666,-8.6083],noise:[-.41129,.094762,3.0026,-.69748,.85974],perturbed:[-.41415,-7.2768,-4.4101,-9.1641,-7.7486],mixture:[1,0,0,0,0],entropy:0,model_entropy:.027729,token:`r`,token_id:32,soft:!1,forced:!1,winner_changed:!1},{step:11,phase:`answer`,candidates:[`h`,`r`,`b`,`v`,`e`],candidate_ids:[22,32,16,36,19],log_probs:[-.0010819,-8.1158,-9.2915,-9.6551,-9.6975],noise:[-.1865,2.1521,-1.8894,-1.3199,1.1778],perturbed:[-.18759,-5.9636,-11.181,-10.975,-8.5197],mixture:[1,0,0,0,0],entropy:0,model_entropy:.01177,token:`h`,token_id:22,soft:!1,forced:!1,winner_changed:!1},{step:12,phase:`answer`,candidates:[`q`,`p`,`f`,`</think>`,`u`],candidate_ids:[31,30,20,2,35],log_probs:[-90939e-8,-8.758,-9.244,-9.4008,-9.422],noise:[-1.4028,-.91582,1.2819,2.5095,-.82513],perturbed:[-1.4037,-9.6739,-7.9621,-6.8913,-10.247],mixture:[1,0,0,0,0],entropy:0,model_entropy:.010173,token:`q`,token_id:31,soft:!1,forced:!1,winner_changed:!1},{step:13,phase:`answer`,candidates:[`e`,`r`,`g`,`u`,`x`],candidate_ids:[19,32,21,35,38],log_probs:[-.001786,-7.4134,-8.6515,-8.6956,-9.1839],noise:[3.9507,1.7384,1.648,.88316,.71492],perturbed:[3.9489,-5.6749,-7.0035,-7.8124,-8.469],mixture:[1,0,0,0,0],entropy:0,model_entropy:.017975,token:`e`,token_id:19,soft:!1,forced:!1,winner_changed:!1},{step:14,phase:`answer`,candidates:[`f`,`x`,`t`,`g`,`m`],candidate_ids:[20,38,34,21,27],log_probs:[-.0020489,-8.1731,-8.1733,-8.5575,-8.5956],noise:[.50455,.99607,-1.0983,.40351,.88255],perturbed:[.5025,-7.177,-9.2716,-8.154,-7.713],mixture:[1,0,0,0,0],entropy:0,model_entropy:.021297,token:`f`,token_id:20,soft:!1,forced:!1,winner_changed:!1},{step:15,phase:`answer`,candidates:[`t`,`a`,`r`,`f`,`<answer>`],candidate_ids:[34,15,32,20,3],log_probs:[-7422e-7,-8.6586,-9.1585,-9.5937,-10.218],noise:[1.7883,-.95973,1.4213,-.0433,-.074127],perturbed:[1.7876,-9.6184,-7.7372,-9.637,-10.292],mixture:[1,0,0,0,0],entropy:0,model_entropy:.0084159,token:`t`,token_id:34,soft:!1,forced:!1,winner_changed:!1},{step:16,phase:`answer`,candidates:[`p`,`k`,`r`,`q`,`b`],candidate_ids:[30,25,32,31,16],log_probs:[-.011373,-5.7872,-5.8638,-5.9064,-6.9334],noise:[.52372,-.11348,.55549,-.4758,-.38536],perturbed:[.51235,-5.9007,-5.3083,-6.3822,-7.3187],mixture:[1,0,0,0,0],entropy:0,model_entropy:.085351,token:`p`,token_id:30,soft:!1,forced:!1,winner_changed:!1},{step:17,phase:`answer`,candidates:[`x`,`e`,`z`,`</think>`,`f`],candidate_ids:[38,19,40,2,20],log_probs:[-.0030153,-6.9231,-7.6678,-7.6952,-9.0709],noise:[-.053859,-.65029,-.42267,.92014,1.1259],perturbed:[-.056874,-7.5734,-8.0904,-6.775,-7.945],mixture:[1,0,0,0,0],entropy:0,model_entropy:.028326,token:`x`,token_id:38,soft:!1,forced:!1,winner_changed:!1},{step:18,phase:`answer`,candidates:[`</answer>`,`p`,`)`,`,`,`<unused3>`],candidate_ids:[4,30,52,47,63],log_probs:[-8099e-7,-9.1636,-9.909,-10.15,-10.323],noise:[-.49799,-.41075,.30515,2.2135,-.58359],perturbed:[-.4988,-9.5743,-9.6038,-7.9364,-10.907],mixture:[1,0,0,0,0],entropy:0,model_entropy:.0095099,token:`</answer>`,token_id:4,soft:!1,forced:!1,winner_changed:!1}]}}}),Jt=new Set(Object.keys({"../models/nano-chain_sum-4.json":0,"../models/nano-chain_sum.json":0,"../models/nano-countdown.json":0,"../models/nano-mix.json":0,"../models/nano-number_sorting.json":0,"../models/nano-path_star.json":0,"../models/nano-reach.json":0,"../models/nano-spell_backward.json":0}).map(e=>e.slice(15,-5)));function Yt(e){return Jt.has(e)}function Xt(e){let t=qt[`./stored/${e}.json`];if(t!==void 0)return{chosen:{way:y,...t.soft},compared:{way:b,...t.discrete}}}var Zt=`soft-thinking-lab.own-tasks`,Qt=1e5;function $t({own:e},t){return e.kept.find(({name:e})=>e===t)?.like}function en(e){return`nano-${e}.gguf`}function tn(e){return en($t(e,e.task)??e.task)}async function nn(e,t){let n=[],r;for(let{name:i,jsonl:a,grader:o}of t)try{n.push(await e.addTask({name:i,jsonl:a,grader:o}))}catch(e){r=u.own.lost(i,rn(e))}return r===void 0?{known:n}:{known:n,lost:r}}function rn(e){return e instanceof Error?e.message:String(e)}var an=class{#e;#t;constructor(e,t){this.#e=e,this.#t=t,this.#n({kept:on()})}#n(e){this.#e.change({own:{...this.#e.state.own,...e}})}edit(e){this.#n({form:{...this.#e.state.own.form,...e},problem:void 0,said:void 0})}fillExample(){this.edit(Ue())}async openFile(e){let t=await e.text(),{name:n}=this.#e.state.own.form,r=e.name.replace(/\.[^.]*$/,``).toLowerCase().replace(/[^a-z0-9]+/g,`_`).slice(0,40);this.edit({jsonl:t,file:t.length>Qt?e.name:void 0,name:n===``?r:n})}async add(){let{lab:e}=this.#t,{own:t,task:n,tasks:r}=this.#e.state;if(t.adding)return;if(e===void 0){this.#n({problem:u.problem.notOpen});return}let{name:i,jsonl:a,grader:o,source:s}=t.form,c=o===`javascript`?{source:s}:o;this.#n({adding:!0,problem:void 0,said:void 0});try{let o=await e.addTask({name:i,jsonl:a,grader:c}),s=Yt(n)?n:$t({own:t},n)??r[0]?.name??`chain_sum`,l=[...t.kept.filter(e=>e.name!==i),{name:i,jsonl:a,grader:c,like:s}],d=sn(l);this.#n({kept:l,form:He().form,said:[u.own.added(i,o.description),d].join(` `)}),this.#e.change({tasks:[...r.filter(e=>e.name!==i),o],announcement:u.own.added(i,o.description)})}catch(e){let{code:t}=e instanceof m?e:{code:`internal`};this.#n({problem:u.own.refused(rn(e),t)})}this.#n({adding:!1})}async play(e){L(this.#e.state.run)||await this.#t.questions.chooseTask(e)}async forget(e){let{own:t,tasks:n,task:r}=this.#e.state,i=$t({own:t},e);r===e&&i!==void 0&&await this.#t.questions.chooseTask(i);let a=t.kept.filter(t=>t.name!==e);sn(a),this.#n({kept:a,said:u.own.forgotten(e)}),this.#e.change({tasks:n.filter(t=>t.name!==e)})}};function on(){try{let e=JSON.parse(localStorage.getItem(Zt)??`[]`);return Array.isArray(e)&&e.every(e=>[`name`,`jsonl`,`like`].every(t=>typeof Reflect.get(Object(e),t)==`string`))?e:[]}catch{return[]}}function sn(e){try{return localStorage.setItem(Zt,JSON.stringify(e)),``}catch{return u.own.notKept}}var cn=[`heading`,`engine`,`think`,`choices`,`compare`,`step`,`diagnose`,`train`,`settings`,`charts`,`samples`,`numbers`,`measure`,`model`,`own`,`results`,`footer`,`text`];function ln(e){let t=new URLSearchParams(e.replace(/^#/,``)),n=(t.get(`hide`)??``).split(/[\s,]+/).filter(e=>e!==``),r=t.get(`theme`)??``,i=f.find(e=>e===r);return{hide:cn.filter(e=>n.includes(e)),theme:i,unknown:[...n.filter(e=>!cn.includes(e)).map(e=>`hide=${e}`),...r===``||i!==void 0?[]:[`theme=${r}`]]}}function un(e,{hide:t}){return t.length>0?`${e}&hide=${t.join(`,`)}`:e}function R(e){return e.replace(/^#/,``).split(`&`).filter(e=>e.split(`=`)[0]!==`hide`).join(`&`)}var z={hide:[],theme:void 0};function dn(e){z={hide:e.hide,theme:e.theme},document.documentElement.dataset.hide=z.hide.join(` `),z.theme!==void 0&&s(z.theme);for(let t of e.unknown)console.warn(Kt.unknown(t,cn.join(`, `),f.join(`, `)))}var fn=`−`;function B(e){if(e==null||Number.isNaN(e))return`–`;if(!Number.isFinite(e))return e>0?`∞`:`${fn}∞`;let t=Math.abs(e),n=t===0?`0`:t<.001||t>=1e7?t.toExponential(1).replace(`e-`,`e${fn}`).replace(`e+`,`e`):t>=1e3?Math.round(t).toLocaleString(`en`):t.toPrecision(3);return e<0?fn+n:n}function pn(e){return String(Number.isInteger(e)?e:Number(e.toPrecision(3)))}function V(e,t=2){if(e===void 0||!Number.isFinite(e))return B(e);let n=Math.abs(e).toFixed(t);return e<0&&Number(n)!==0?fn+n:n}function mn(e){let t=e*100;return`${t>0&&t<1?`<1`:t<100&&t>99?`>99`:V(t,0)} %`}function hn(e){return e<1e3?`${e} B`:e<1e6?`${(e/1e3).toFixed(0)} kB`:e<1e9?`${(e/1e6).toFixed(1)} MB`:`${(e/1e9).toFixed(1)} GB`}function gn(e){return e<1?`${(e*1e3).toFixed(0)} ${u.units.milliseconds}`:e<10?`${e.toFixed(1)} ${u.units.seconds}`:e<90?`${e.toFixed(0)} ${u.units.seconds}`:`${(e/60).toFixed(0)} ${u.units.minutes}`}function _n(e){let t=Math.floor(e/6e4);if(t<1)return u.when.now;if(t<60)return u.when.minutes(t);let n=Math.floor(t/60);return n<48?u.when.hours(n):u.when.days(Math.floor(n/24))}function vn(e){if(e===void 0)return u.engine.starting;if(e.kind===`cpu`)return u.engine.cpu;let{adapter:t=``,software:n=!1}=e;return u.engine.gpuNamed(t,n)}function yn({name:e,own:t={}}){return[e,...Object.entries(t).map(([e,t])=>`${e} ${String(t)}`)].join(`, `)}function bn({objective:e,preset:t}){return t??u.train.objectives[e]}function xn({vendor:e,architecture:t,description:n,fallback:r}){let i=n===``?[e,t].filter(e=>e!==``).join(` `):n;return u.engine.gpuNamed(i,r)}function Sn(e){return/^<[^<>]+>$/.test(e)}function Cn(e){return Sn(e)?`‹${e.slice(1,-1)}›`:e.replaceAll(` `,`␣`).replaceAll(`
`,`⏎`)}function wn(e,t){let n=e.map(e=>t.map(t=>e[t]??``).join(`,`));return[t.join(`,`),...n].join(`
`)+`
`}var Tn=[{name:`micro-chain_sum-4.gguf`,bytes:1063648,integrity:`sha256-G5wQ8vTnAYyiYNDGtx6PAMtvE6cZMKFjfh2PUNVG+Dg=`},{name:`micro-spell_backward.gguf`,bytes:1063648,integrity:`sha256-WC7PbqDl3VdJeKWAy0XBRCVFQFFJVuw3GTfM5Ts9EyI=`},{name:`nano-chain_sum-4.gguf`,bytes:114816,integrity:`sha256-CPWXocAzCWuN8UTUYtICyuB1u49Pk+U1tppKqB1Jlq8=`},{name:`nano-chain_sum.gguf`,bytes:114816,integrity:`sha256-iykLgscsNwAWsWB8IiGbJZ4235grlHRUgP35uY7YCeg=`},{name:`nano-countdown.gguf`,bytes:114816,integrity:`sha256-RVRXq+mk31Vaj5rFn22KOF8p21AtS3vz8K4ozjXkOFo=`},{name:`nano-mix.gguf`,bytes:114816,integrity:`sha256-w3RQIm+4mp1wIgeQWbZWF62+tMXEKbt8V8/pnr9M5Zk=`},{name:`nano-number_sorting.gguf`,bytes:114816,integrity:`sha256-eKOnDQ0fc29plTjwSIqaGinZ9S4HLEBgVoNvtqaZh2U=`},{name:`nano-path_star.gguf`,bytes:114816,integrity:`sha256-Kf2cnO/3Uvj737/NMZ1N+YWEQgD3BRbuL8fK2qhUakY=`},{name:`nano-reach.gguf`,bytes:114816,integrity:`sha256-04ihhs1zsLaBZi3eE71wEmHoenn1TWSc8eEBOW8y8lc=`},{name:`nano-spell_backward.gguf`,bytes:114848,integrity:`sha256-MQMFdkL5jSA12rtfh2CGmIjmnVVVkyju7zpdZhke/VU=`}];function En(e){return Tn.find(t=>t.name===e)}function Dn(e){if(!(e instanceof URL))return{};let t=new URL(`models/`,document.baseURI).href,n=En(e.href.startsWith(t)?e.href.slice(t.length):``)?.integrity;return n===void 0?{}:{integrity:n}}var On={questions:16,samples:4,probes:64},kn=class{#e;#t;#n;#r;constructor(e,t){this.#e=e,this.#t=t}chooseSplit(e){this.#e.change({measureSplit:e})}async diagnose(){let e=this.#t,{lab:t}=e,{state:n}=this.#e;if(t===void 0||n.model===void 0||n.diagnosing!==void 0)return;let{trainedSteps:r}=n,i=e.thoughts.chosenWay(),a=new AbortController;this.#r=a;let o=t=>{t.phase===`recovered`?e.onNotice(t):this.#e.change({diagnosing:t})};o({phase:`diagnose`,loaded:0,total:0,text:``});let s=AbortSignal.any([a.signal,e.same]);await e.guard(async()=>{let a={...e.questions.taskOptions(),...On,policy:e.thoughts.chosenPolicy(),seed:n.seed},c=await t.diagnose({...a,signal:s,onProgress:o}),{questions:l,samples:d}=On;this.#e.change({diagnosed:{way:i,steps:r,questions:l,samples:d,found:c},announcement:u.diagnose.done})}),this.#e.change({diagnosing:void 0})}cancelDiagnosing(){this.#r?.abort()}async measure(){let e=this.#t,{lab:t}=e,{state:n}=this.#e;if(t===void 0||n.model===void 0||n.measuring!==void 0)return;let r=de(n.method,n.presets.policies),{trainedSteps:i,trainedBy:a}=n,o=Lt(n),s=n.ownModel?u.measure.own:u.measure.shipped,c=new AbortController;this.#n=c;let l=AbortSignal.any([c.signal,e.same]);await e.guard(async()=>{if(i===0||a===void 0){await this.#a(t,{label:s,way:r,split:o,steps:0},l);return}n.measurements.some(e=>e.way.name===r.name&&e.split===o&&e.steps===0)||await this.#i({label:s,way:r,split:o,steps:0},l);let e=u.measure.trained(bn(a),i);await this.#a(t,{label:e,way:r,split:o,steps:i},l)}),this.#e.change({measuring:void 0})}async#i(e,t){let{source:n}=this.#t;if(n===void 0)return;let{engine:r,seed:i,own:a}=this.#e.state,o=await h({engine:r?.kind??`cpu`,seed:i,signal:t});try{await o.loadModel(n,{signal:t,...Dn(n)}),await nn(o,a.kept),await this.#a(o,e,t)}finally{o.dispose()}}async#a(e,t,n){let r=e=>{e.phase===`recovered`?this.#t.onNotice(e):this.#e.change({measuring:{...e,label:t.label}})};r({phase:`evaluate`,loaded:0,total:0,text:``});let{split:i,way:a}=t,o={questions:64,samples:32,k:[1,2,4,8,16,32],seed:0,policy:a.name,split:i},s=await e.evaluate({...this.#t.questions.taskOptions(),...o,signal:n,onProgress:r});this.#e.change({measurements:[...this.#e.state.measurements,{...t,report:s}]})}cancelMeasuring(){this.#n?.abort()}},An=class{#e;#t;constructor(e){this.#e=e}#n(e){this.#e.change({site:{...this.#e.state.site,...e}})}async keep(){let e=navigator.serviceWorker;if(e===void 0)this.#n({whyNot:isSecureContext?u.offline.noWorkers:u.offline.notSecure});else{e.addEventListener(`message`,({data:e})=>{e===`other-tabs`&&this.#n({update:`others`})});try{let t=await e.register(new URL(`service-worker.js`,document.baseURI));this.#t=t,this.#r(t),await e.ready,this.#n({offline:!0,whyNot:void 0})}catch(e){this.#n({whyNot:u.offline.refused(e instanceof Error?e.message:String(e))})}}}#r(e){let t=()=>{e.waiting!==null&&e.active!==null&&this.#n({update:`ready`})};e.addEventListener(`updatefound`,()=>{e.installing?.addEventListener(`statechange`,t)}),t()}takeUpdate(){navigator.serviceWorker.addEventListener(`controllerchange`,()=>{location.reload()},{once:!0}),this.#t?.waiting?.postMessage(`take-over`)}},H={presets:{title:`Try`,other:`Its other half: press Train. GRPO answers the same questions from the same model; the SofT-GRPO run is laid over the charts.`,sentences:{add:{text:`Teach it to add two-digit numbers with SofT-GRPO`,time:`10 s`,next:`Press Train. Reward climbs in the first chart, unevenly; the dots are questions it was never trained on.`},both:{text:`See GRPO and SofT-GRPO on the same questions`,time:`2 × 10 s`,next:`Press Train: SofT-GRPO goes first. When it is done, press this sentence again for GRPO on the same questions.`},collapse:{text:`Watch a run collapse`,time:`5 s`,next:`Press Train. The learning rate is seven times the usual one: reward falls within ten steps, and the run pauses by itself and says why.`},loophole:{text:`Find the loophole of Puzzle 24`,time:`20 s`,next:`Press Train, then read the table: where reward is 1 and the honest grade 0, the answer makes 24 but not of the numbers given.`},compare:{text:`See one question thought softly and in tokens`,time:`1 s`,next:`Press Think. Where a bar is split, the soft thought keeps two ways open; the other one must choose.`},pause:{text:`Let it pause instead of thinking`,time:`1 s`,next:`Press Think. The thought is twelve pause tokens: compare its answer with the one thought in single tokens below.`},pitfall:{text:`Look how soft a blend without noise really is`,time:`2 s`,next:`Press Look closely. A distance to the heaviest token near 0 means that the model reads the blend as that token.`},spell:{text:`Teach it to spell backwards`,time:`30 s`,next:`Press Train. Watch the dots: words that are wholly right. Reward is for every letter in its place, so it starts high and hardly moves.`}}},save:{menu:`Save…`,svg:`as SVG picture`,png:`as PNG picture`,csv:`numbers as CSV`,json:`numbers and settings as JSON`,samples:`Save these tries as JSON`,step:`training step`,failed:e=>`The picture could not be saved: ${e}`},history:{title:`Runs so far`,lead:`Runs that finished or were stopped in this browser. Choose one or more to lay them over the charts; nothing is sent anywhere.`,bounds:(e,t)=>`The newest ${e} are kept, each with at most ${t} rows, evenly spread; the run on the page has all of its own.`,empty:`A run appears here once it is done or stopped, and stays over a reload.`,columns:{show:`lay over`,name:`run`,task:`task`,method:`method`,steps:`steps`,seed:`seed`,reward:`last reward`,pass:`pass@1`,when:`ended`,actions:``},usual:(e,t)=>`${e} ${t}`,show:e=>`Lay ${e} over the charts`,here:`on the page`,trainedBefore:e=>`on a model trained for ${e} steps`,stopped:e=>`${e}, stopped`,use:`Use its settings`,rename:`Rename`,newName:`New name`,keep:`Keep the name`,remove:`Delete`,removed:e=>`${e} is deleted.`,used:e=>`Train is set up as for ${e}.`,usedOwn:(e,t)=>`Train is set up as for ${e}. It began with ${t}, a file of yours: open it under “The model” for the same start.`,full:e=>`${e} runs at once are the most that can be told apart.`,notKept:e=>`This browser keeps no runs over a reload: ${e}`,busy:`Wait for what is loading, or stop the training run first.`,table:`Runs so far, as a table`},diff:{runs:`What differs between the chosen runs`,same:`The chosen runs have the same settings.`,setting:`setting`,absent:`–`,mine:`What you changed`,preset:e=>`${e} has`,yours:`you have`,unchanged:`Nothing: the next run takes the method's own settings.`},samples:{strips:`as strips`,table:`as a table`,how:`show tries`,caption:`The tries of the newest step, all questions`,columns:{question:`question`,completion:`completion`,answer:`answer`,expected:`expected`,reward:`reward`,advantage:`advantage`},sort:{asked:`as they were asked`,most:`most reward first`,least:`least reward first`}},results:{all:e=>`Show all ${e} ways to learn`,few:`Only the main three`},settings:{every:`Every other setting`,everyHint:`All that the engine's training configuration has; src/train/config.rs defines each. “null” takes an optional one away.`,left:e=>e==="default"?`default`:`as it is: ${e}`,groups:{sampling:`how tries are drawn and scored`,reward:`from rewards to advantages`,loss:`the loss`,optimiser:`updates`,watching:`measuring and watching`}}},jn={objective:`soft_grpo`},Mn={objective:`grpo`},Nn=60,Pn=[{name:`add`,control:`train`,task:`chain_sum`,policy:y.name,method:jn,steps:Nn},{name:`both`,control:`train`,task:`chain_sum`,policy:y.name,method:jn,steps:Nn},{name:`collapse`,control:`train`,task:`chain_sum`,policy:y.name,method:jn,steps:Nn,settings:{learning_rate:`0.0015`,seed:`1`}},{name:`loophole`,control:`train`,task:`puzzle24`,model:en(`mix`),policy:b.name,method:Mn,steps:20,table:!0},{name:`compare`,control:`think`,task:`chain_sum`,policy:y.name},{name:`pause`,control:`think`,task:`chain_sum`,policy:`pause`},{name:`pitfall`,control:`look`,task:`chain_sum`,policy:`soft-thinking`},{name:`spell`,control:`train`,task:`spell_backward`,policy:y.name,method:jn,steps:Nn}];function Fn(e,t){return e.find(e=>e.task===`chain_sum`&&e.method.preset===void 0&&e.method.objective===jn.objective&&e.end===`finished`&&e.steps===Nn&&e.trainedBefore===0&&e.model===en(`chain_sum`)&&e.config.difficulty===t&&e.arm===void 0&&Object.keys(e.settings).length===0)}var In=class e{#e;#t;#n;constructor(e,t,n){this.#e=e,this.#t=t,this.#n=n}static ready({run:e,progress:t,model:n,thinking:r}){return!L(e)&&t===void 0&&n!==void 0&&!r}async set(t){let{state:n}=this.#e;if(!e.ready(n))return;let r=n.tasks.find(({name:e})=>e===t.task)?.default_difficulty,i=t.name===`both`?Fn(n.tools.kept??[],r):void 0,a=i===void 0?t.method:Mn;this.#e.change({arm:void 0,settings:t.settings??{},policySettings:{},policy:t.policy??n.policy,...a===void 0?{}:{method:a},...t.steps===void 0?{}:{stepsWanted:t.steps}}),await this.#r(t),i!==void 0&&this.#n.layOver([i.id]),t.table===!0&&this.#n.showSamples({samplesAsTable:!0,sampleOrder:`most`});let o=H.presets.sentences[t.name],s=i===void 0?o.next:H.presets.other;this.#e.change({announcement:s}),this.#n.say(t.name,s)}async#r({task:e,model:t=en(e)}){let{questions:n}=this.#t;e===this.#e.state.task?this.#e.state.difficulty!==void 0&&(this.#e.change({difficulty:void 0,typed:void 0}),await this.#t.guard(()=>n.ask())):await n.chooseTask(e,t);let{ownModel:r,trainedSteps:i,modelName:a}=this.#e.state;(r||i>0||a!==t)&&await this.#t.loadShipped(t)}};function Ln(e){let t=(e,t)=>typeof e[t]==`string`;return Array.isArray(e)&&e.every(e=>typeof e==`object`&&!!e&&t(e,`summary`)&&t(e,`runs`))}function Rn(e){return typeof e==`object`&&!!e&&Array.isArray(e.tasks)}function zn(e){return typeof e==`object`&&!!e&&typeof e.arm==`string`}function Bn(e){let{tasks:t,arms:n,seeds:r}=Object(e);return[t,n,r].every(e=>Array.isArray(e))}var Vn=class{#e;#t;constructor(e,t){this.#e=e,this.#t=t}#n(e){this.#e.change({results:{...this.#e.state.results,...e}})}async open(){let{index:e,loading:t}=this.#e.state.results;if(!(t||e!==void 0)){this.#n({loading:!0,problem:void 0});try{let e=await Wn(`results/index.json`);if(e!==void 0&&!Ln(e))throw Error(u.results.notAnIndex);this.#n({index:e??[]});let t=e?.[0];t!==void 0&&await this.#r(t)}catch(e){this.#n({problem:Un(e)})}this.#n({loading:!1})}}async choose(e){let{index:t=[],chosen:n,loading:r}=this.#e.state.results,i=t.find(t=>t.name===e);if(!(i===void 0||i===n||r)){this.#n({loading:!0,problem:void 0});try{await this.#r(i)}catch(e){this.#n({problem:Un(e)})}this.#n({loading:!1})}}async#r(e){this.#n({chosen:e,summary:void 0,plan:void 0,run:void 0,hidden:[],mode:`own`});let t=await Wn(`results/${e.summary}`);if(!Rn(t))throw Error(u.results.notASummary(e.summary));let{task:n}=this.#e.state,r=t.tasks.find(e=>e.task===n)??t.tasks[0];if(this.#n({summary:t,task:r?.task??``,split:Hn(r),hidden:Ze(r?.arms??[])}),e.plan===void 0)return;let i=await Wn(`results/${e.plan}`);if(!Bn(i))throw Error(u.results.notAPlan(e.plan));this.#n({plan:i})}async openFor(e,t){this.show(!0),await this.open();for(let t of this.#e.state.results.index??[]){if(this.#e.state.results.summary?.experiment===e)break;await this.choose(t.name)}this.#e.state.results.summary?.experiment===e&&this.chooseTask(t)}show(e){this.#e.state.results.shown!==e&&this.#n({shown:e})}chooseTask(e){let t=this.#e.state.results.summary?.tasks.find(t=>t.task===e);this.#n({task:e,split:Hn(t),run:void 0})}chooseView(e){this.#n(e)}showArms(e){let t=vt(this.#e.state.results);this.#n({hidden:e?[]:Ze(t?.arms??[])})}toggleArm(e){let{hidden:t}=this.#e.state.results;this.#n({hidden:t.includes(e)?t.filter(t=>t!==e):[...t,e]})}async openRun(e,t){let{results:n}=this.#e.state,{chosen:r,run:i}=n,a=vt(n);if(r===void 0||a===void 0)return;if(i?.arm===e&&i.seed===t){this.#n({run:void 0});return}let o=[a.task,`${e}-${t}.json`].map(encodeURIComponent).join(`/`),s={arm:e,seed:t,address:`results/${r.runs.replace(/\/?$/,`/`)}${o}`,record:void 0,problem:void 0};this.#n({run:s});let c;try{let e=await Wn(s.address);c=zn(e)?{record:e}:{problem:u.results.noRun}}catch(e){c={problem:Un(e)}}this.#e.state.results.run===s&&this.#n({run:{...s,...c}})}closeRun(){this.#n({run:void 0})}async runYourself(e){let{state:t}=this.#e;if(L(t.run)||t.progress!==void 0)return;this.#e.change({arm:e,method:e.method,stepsWanted:e.steps,settings:{}}),t.task===e.task?(t.ownModel||t.trainedSteps>0||t.modelName!==e.model)&&await this.#t.loadShipped(e.model):await this.#t.questions.chooseTask(e.task,e.model);let n=this.#e.state.tasks.find(({name:t})=>t===e.task)?.default_difficulty;(this.#e.state.difficulty??n)!==e.difficulty&&await this.#t.questions.chooseDifficulty(e.difficulty),this.#e.change({announcement:u.results.ready(e.title,e.steps,e.seed)})}};function Hn(e){let t=e===void 0?[]:Qe(e);return t.includes(`held_out`)?`held_out`:t[0]??`held_out`}function Un(e){return e instanceof Error?e.message:String(e)}async function Wn(e){let t=await fetch(new URL(e,document.baseURI));if(t.status!==404){if(!t.ok)throw Error(u.results.refused(e,t.status));return await t.json()}}function Gn(e){return new Promise((t,n)=>{e.oncomplete=e.onsuccess=()=>t(e.result),e.onabort=e.onerror=()=>n(e.error)})}function Kn(e,t){let n,r=()=>{if(n)return n;let r=indexedDB.open(e);return r.onupgradeneeded=()=>r.result.createObjectStore(t),n=Gn(r),n.then(e=>{e.onclose=()=>n=void 0},()=>{n=void 0}),n};return(e,n)=>r().then(r=>n(r.transaction(t,e).objectStore(t)))}var qn;function Jn(){return qn||=Kn(`keyval-store`,`keyval`),qn}function Yn(e,t,n=Jn()){return n(`readwrite`,n=>(n.put(t,e),Gn(n.transaction)))}function Xn(e,t=Jn()){return t(`readwrite`,t=>(e.forEach(e=>t.delete(e)),Gn(t.transaction)))}function Zn(e,t){return e.openCursor().onsuccess=function(){this.result&&(t(this.result),this.result.continue())},Gn(e.transaction)}function Qn(e=Jn()){return e(`readonly`,e=>{if(e.getAll)return Gn(e.getAll());let t=[];return Zn(e,e=>t.push(e.value)).then(()=>t)})}var $n=1e3,er=class{#e;#t;#n=tr();#r=!1;#i=0;constructor(e,t){this.#e=e,this.#t=t,e.listen(()=>{this.#o()})}#a(e){this.#e.change({tools:{...this.#e.state.tools,...e}})}async open(){try{let e=await Qn(this.#n()),t=this.#e.state.tools.kept??[];this.#a({kept:rr([...t,...e]).slice(0,24)})}catch(e){this.#a({kept:this.#e.state.tools.kept??[],problem:U(e)})}}#o(){let{run:e,trainedSteps:t}=this.#e.state;if(L(e)){if(this.#r)return;this.#r=!0,this.#i=e.step>0?0:t,this.#a({current:void 0})}else this.#r&&(this.#r=!1,e.step>0&&e.config!==void 0&&this.#s({...nr(this.#e.state),trainedBefore:this.#i}))}async#s(e){let{kept:t=[]}=this.#e.state.tools,n=rr([e,...t.filter(t=>!ir(e,t))]),[r,i]=[n.slice(0,24),n.slice(24)],a=[...i,...t.filter(t=>ir(e,t))].map(({id:e})=>e);this.#a({kept:r,current:e.id}),await this.#c(async()=>{await Yn(e.id,e,this.#n()),await Xn(a,this.#n())})}async#c(e){try{await e()}catch(e){this.#a({problem:U(e)})}}toggle(e){let{shown:t}=this.#e.state.tools;t.includes(e)?this.#a({shown:t.filter(t=>t!==e)}):t.length<xt&&this.#a({shown:[...t,e]})}startRenaming(e){this.#a({renaming:e})}async rename(e,t){let{kept:n=[]}=this.#e.state.tools,r=n.find(t=>t.id===e);if(r===void 0)return;let i={...r,name:t.trim().slice(0,80)};this.#a({kept:n.map(e=>e===r?i:e),renaming:void 0}),await this.#c(()=>Yn(e,i,this.#n()))}async remove(e){let{kept:t=[],shown:n,current:r}=this.#e.state.tools,i=t.find(t=>t.id===e);i!==void 0&&(this.#a({kept:t.filter(e=>e!==i),shown:n.filter(t=>t!==e),current:r===e?void 0:r}),this.#e.change({announcement:H.history.removed(ar(i))}),await this.#c(()=>Xn([e],this.#n())))}async use(e){let{state:t}=this.#e;if(L(t.run)||t.progress!==void 0)return;let{arm:n,method:r,stepsWanted:i,settings:a,task:o,model:s,ownModel:c}=e;this.#e.change({arm:n,method:r,stepsWanted:i,settings:{...a}});let{questions:l}=this.#t;o!==t.task&&await l.chooseTask(o,c?void 0:s);let{difficulty:u}=e.config;typeof u==`number`&&u!==this.#l()&&await l.chooseDifficulty(u);let d=this.#e.state;!c&&(d.ownModel||d.trainedSteps>0||d.modelName!==s)&&await this.#t.loadShipped(s);let f=ar(e),p=c&&this.#e.state.modelName!==s;this.#e.change({announcement:p?H.history.usedOwn(f,s):H.history.used(f)}),p&&this.#e.change({notice:H.history.usedOwn(f,s)})}#l(){let{difficulty:e,tasks:t,task:n}=this.#e.state;return e??t.find(e=>e.name===n)?.default_difficulty}layOver(e){this.#a({shown:e})}say(e,t){this.#a({said:{name:e,words:t}})}showSamples(e){this.#a(e)}};function tr(){let e;return()=>e??=Kn(`soft-thinking-lab-page`,`runs`)}function U(e){return e instanceof Error?e.message:String(e)}function nr(e){let{run:t,settings:n,stepsWanted:r,arm:i}=e,{config:a={}}=t;return{number:1+Math.max(0,...(e.tools.kept??[]).map(e=>e.number)),id:`${Date.now().toString(36)}-${Math.random().toString(36).slice(2,10)}`,name:``,endedAt:Date.now(),end:t.phase===`finished`?`finished`:`stopped`,task:typeof a.task==`string`?a.task:e.task,method:t.method,steps:t.step,engine:vn(e.engine),model:e.modelName,ownModel:e.ownModel,config:a,settings:{...n},arm:i,stepsWanted:r,rows:st(t.history.length,$n).flatMap(e=>t.history[e]??[])}}function rr(e){return[...new Map(e.map(e=>[e.id,e])).values()].sort((e,t)=>t.endedAt-e.endedAt)}function ir(e,t){let n=t.rows.findLast(e=>e.reward!==void 0),r=e.rows.find(e=>e.step===n?.step&&e.reward!==void 0);return n!==void 0&&e.steps>t.steps&&r?.reward===n.reward&&r?.grad_norm===n.grad_norm&&JSON.stringify(e.config)===JSON.stringify(t.config)}function ar({name:e,method:t,number:n}){return e===``?H.history.usual(bn(t),n):e}function or(e){let{tasks:t,presets:n}=e,r=[],{difficulty:i,policy:a,policySettings:o,method:s}=e,c=t.find(({name:t})=>t===e.task);c===void 0&&(r.push(`task=${e.task}`),c=t[0]);let[l,u]=c?.difficulties??[0,0];if(i!==void 0&&(i<l||i>u)&&(r.push(`difficulty=${i}`),i=void 0),n.policies.some(({name:e})=>e===a)||(r.push(`policy=${a}`),a=y.name,o={}),s.preset!==void 0){let e=n.methods.find(({name:e})=>e===s.preset);e===void 0&&r.push(`method=${s.preset}`),s=e===void 0?{objective:`soft_grpo`}:N(e)}return{task:c?.name??``,difficulty:i,policy:a,policySettings:o,method:s,ignored:r}}var sr=class{#e;#t;#n=new AbortController;constructor(e,t){this.#e=e,this.#t=t}async createLab(e){let{seed:t}=this.#e.state;return await this.#r(`open`,(n,r)=>h({engine:e,seed:t,signal:n,onProgress:r}))}async read(e,t){return await this.#r(`model`,(n,r)=>e.loadModel(t,{signal:n,onProgress:r,...Dn(t)}))}cancel(){this.#n.abort()}get cancelled(){return this.#n.signal.aborted}async#r(e,t){this.#n.abort();let n=new AbortController;this.#n=n,this.#e.change({progress:{phase:e,loaded:0,total:0,text:``}});try{return await t(n.signal,e=>{e.phase===`recovered`?this.#t(e.text):e.phase===`notice`?this.#e.change({notice:e.text,announcement:e.text}):this.#n===n&&this.#e.change({progress:e})})}finally{this.#n===n&&this.#e.change({progress:void 0})}}};function cr(e){return e instanceof m&&Mt(e.code)}var lr=class{#e;#t;constructor(e,t){this.#e=e,this.#t=t}async chooseTask(e,t){e!==this.#e.state.task&&(this.#t.thoughts.stop(),this.#e.change({task:e,difficulty:void 0,question:void 0,typed:void 0}),this.#t.forgetFound(),this.#t.thoughts.showStored(),!Yt(e)&&this.#e.state.model!==void 0?await this.#t.guard(()=>this.ask()):await this.#t.loadShipped(t))}async chooseDifficulty(e){this.#e.change({difficulty:e,typed:void 0}),this.#t.forgetFound(),await this.#t.guard(()=>this.ask())}async next(){await this.choose(this.#e.state.questionSeed+1)}async choose(e){this.#e.change({questionSeed:e,typed:void 0}),await this.#t.guard(()=>this.ask())}type(e){this.#e.change({typed:e===this.#e.state.question?.prompt?void 0:e})}chooseSeed(e){this.#e.change({seed:e})}async ask(){let e=this.#t.lab;if(e===void 0)return;let{questionSeed:t}=this.#e.state,n=await e.question({...this.taskOptions(),questionSeed:t,split:`held_out`});this.#e.change({question:n})}taskOptions(){let{task:e,difficulty:t}=this.#e.state;return t===void 0?{task:e}:{task:e,difficulty:t}}};function ur(e,t){let n=document.createElement(`a`);n.href=URL.createObjectURL(t),n.download=e,n.click(),setTimeout(()=>{URL.revokeObjectURL(n.href)},1e4)}var dr=66,fr=class{#e;#t;#n;constructor(e,t){this.#e=e,this.#t=t}choosePolicy(e){this.#e.change({policy:e,policySettings:{}})}setPolicy(e,t){this.#e.change({policySettings:{...this.#e.state.policySettings,[e]:t}})}async think(){let{state:e}=this.#e,t=this.#t.lab,n=e.typed??e.question?.prompt;if(t===void 0||e.model===void 0||n===void 0||e.thinking)return;let r=new AbortController;this.#n=r,this.#e.change({thinking:!0,stored:!1,problem:void 0,selected:void 0,chosen:void 0,compared:void 0});let i=this.chosenWay();await this.#t.guard(async()=>{await this.#r(`chosen`,i,t,n,r.signal),i.name!==b.name&&await this.#r(`compared`,b,t,n,r.signal)}),this.#e.change({thinking:!1})}chosenWay(){let{policy:e,presets:t,policySettings:n}=this.#e.state;return ae(e,t.policies,n)}chosenPolicy(){let{policy:e,presets:t,policySettings:n}=this.#e.state;return ne(e,n,t.policies.find(t=>t.name===e)?.policy)}async#r(e,t,n,r,i){let a=matchMedia(`(prefers-reduced-motion: reduce)`).matches,{seed:o}=this.#e.state,s=e===`chosen`?this.chosenPolicy():t.name,c={way:t,steps:[]},l={...this.#t.questions.taskOptions(),question:r,policy:s,seed:o,signal:i,onProgress:this.#t.onNotice};for await(let t of n.think(l))c=_(t)?{...c,result:t}:{...c,steps:[...c.steps.slice(0,t.step),t]},this.#e.change({[e]:c}),!a&&!_(t)&&await new Promise(e=>setTimeout(e,dr));e===`chosen`&&this.#e.change({selected:{slot:e,step:Gt(c)}}),this.#i(c)}#i({way:e,result:t}){if(t===void 0)return;let n=t.grade===1?u.think.right:t.grade===0?u.think.wrong:String(t.grade),r=t.answer??u.think.none;this.#e.change({announcement:u.think.announce(u.ways.kinds[e.settings.kind],r,n)})}stop(){this.#n?.abort()}select(e,t){this.#e.change({selected:{slot:e,step:t}})}showStored(){let e=Xt(this.#e.state.task);this.#e.change(e===void 0?{chosen:void 0,compared:void 0,stored:!1,selected:void 0}:{...e,stored:!0,selected:{slot:`chosen`,step:Gt(e.chosen)}})}},pr=class{#e;#t;thoughts;questions;#n;#r=new AbortController;#i;#a=()=>void 0;#o;constructor(e){this.#e=e,this.thoughts=new fr(e,this),this.questions=new lr(e,this),this.#t=new sr(e,e=>{this.recovered(e)})}get lab(){return this.#n}get source(){return this.#i}get same(){return this.#r.signal}#s(){this.#r.abort(),this.#r=new AbortController}async open(){this.thoughts.showStored(),this.#c(),await this.guard(async()=>{let e=await this.#l();this.#n=e;let{state:t}=this.#e,{version:n,presets:r,metricDefinitions:i}=e,a=({name:e})=>Yt(e)||$t(t,e)!==void 0,{ignored:o,...s}=or({...t,tasks:t.tasks.filter(a),presets:r});if(this.#e.change({version:n,definitions:i,presets:r,...s}),o.length>0){let e=this.#e.state.notice??``;this.#e.change({notice:`${e} ${u.link.ignored(o.join(`, `))}`.trim()})}await this.lookForSavedRun(),this.#t.cancelled||await this.loadShipped()},!0)}async tryAgain(){this.#e.change({problem:void 0}),this.#n===void 0||this.#o===void 0?await this.open():await this.#f(this.#o)}async reopen(){this.thoughts.stop(),this.#s(),this.#n?.dispose(),this.#n=void 0,this.#e.change({problem:void 0,trainedSteps:0,trainedBy:void 0});let e=this.#o;e===void 0?await this.open():await this.guard(async()=>{this.#n=await this.#l(),await this.lookForSavedRun(),await this.#f(e)},!0)}#c(){v().then(e=>{this.#e.change({capabilities:e})});let e=En(tn(this.#e.state))?.integrity;(e===void 0?Promise.resolve(!1):g(e)).then(e=>{this.#e.change({site:{...this.#e.state.site,modelKept:e}})})}async hold(){this.thoughts.showStored(),this.#c();let e=e=>{this.#e.change({site:{...this.#e.state.site,held:e}})};e(!0),await new Promise(e=>{this.#a=e}),e(!1)}go=()=>{this.#a()};async#l(){let{engineChoice:e}=this.#e.state;try{return await this.#u(e)}catch(t){if(e!==`gpu`||!cr(t))throw t;return this.#e.change({engineChoice:`auto`}),this.report(t,u.engine.fellBack),await this.#u(`auto`)}}async#u(e){let t=await this.#t.createLab(e),{known:n,lost:r}=await nn(t,this.#e.state.own.kept),i=[...t.tasks,...n];return this.#e.change({tasks:i,...r===void 0?{}:{notice:r}}),t}async lookForSavedRun(){let e=await this.#n?.savedRun().catch(()=>null);this.#e.change({savedRun:e??void 0})}async chooseEngine(e){let{state:t}=this.#e,n=t.engineChoice,r=this.#n;if(e===n||L(t.run))return;let i=t.problem!==void 0&&Mt(t.problem.code);if(this.#e.change({engineChoice:e,problem:void 0,notice:void 0}),r===void 0){await this.open();return}this.thoughts.stop(),this.#s();let a;try{a=await this.#u(e),this.#e.change({progress:{phase:`open`,loaded:0,total:0,text:``}});let n=t.trainedSteps>0?await this.#d(r):void 0,o=n??this.#i,s=o===void 0?void 0:(await this.#t.read(a,o)).engine;this.#n=a,r.dispose();let c=t.trainedSteps>0&&n===void 0;this.#e.change({engine:s,...s===void 0?{progress:void 0}:{announcement:u.engine.now(vn(s))},...c?{trainedSteps:0,trainedBy:void 0}:{}}),(i||c)&&await this.lookForSavedRun()}catch(e){a?.dispose(),this.#e.change({engineChoice:n}),this.report(e,u.engine.kept(vn(t.engine)))}}async#d(e){return(await e.exportModel({format:`safetensors`}).catch(()=>void 0))?.buffer}async loadShipped(e){if(this.#n===void 0){await this.open();return}let t=e??tn(this.#e.state);await this.#f({source:new URL(`models/${t}`,document.baseURI),modelName:t,ownModel:!1})}async loadFile(e){await this.#f({source:e,modelName:e.name,ownModel:!0})}async#f(e){if(this.#n===void 0)return;let{source:t,modelName:n,ownModel:r}=e;this.#o=e,this.thoughts.stop(),await this.guard(async()=>{let{lab:e,model:i}=await this.#p(t);this.#i=t;let{task:a,difficulty:o,run:s}=this.#e.state,c=r?e.tasks.find(e=>e.name===i.task):void 0;this.#e.change({model:i,engine:i.engine,modelName:n,ownModel:r,trainedSteps:0,trainedBy:void 0,measurements:[],diagnosed:void 0,announcement:u.model.loaded(n,vn(i.engine)),...L(s)?{}:{run:Nt(this.#e.state.method)},...c!==void 0&&c.name!==a?{task:c.name,difficulty:void 0}:{difficulty:o}}),await this.questions.ask()},!0)}async#p(e){let t=this.#n;if(t===void 0)throw new m(`not-ready`,u.problem.notOpen);try{return{lab:t,model:await this.#t.read(t,e)}}catch(n){let{engineChoice:r,model:i}=this.#e.state;if(r===`cpu`||i!==void 0||!cr(n))throw n;this.#e.change({engineChoice:`cpu`}),this.report(n,u.engine.fellBack);let a=await this.#u(`cpu`);return t.dispose(),this.#n=a,{lab:a,model:await this.#t.read(a,e)}}}cancelLoading(){this.#t.cancel()}recovered(e){this.#e.change({notice:e,announcement:e}),this.refreshEngine()}refreshEngine(){let e=this.#n;e?.engineInfo().then(t=>{t!==null&&e===this.#n&&this.#e.change({engine:t})}).catch(()=>void 0)}loseDevice(){this.#n?.loseDevice()}forgetFound(){this.#s(),this.#e.change({measurements:[],diagnosed:void 0})}async exportModel(e){let t=this.#n;t!==void 0&&await this.guard(async()=>{let n=await t.exportModel({format:e,onProgress:this.onNotice}),{task:r,trainedSteps:i}=this.#e.state,a=i>0?`-${i}-steps`:``;ur(e===`safetensors`?`nano-${r}${a}.safetensors`:`nano-${r}${a}.gguf`,new Blob([n],{type:`application/octet-stream`}))})}onNotice=e=>{e.phase===`recovered`&&this.recovered(e.text)};async guard(e,t=!1){try{await e()}catch(e){let n=t&&e instanceof m&&(e.code===`network`||e.code===`integrity`);this.report(e,void 0,{again:n})}}report(e,t,n={}){let r=e instanceof m?e:new m(`internal`,String(e));if(r.code===`cancelled`||r.code===`disposed`)return;let i=n.inRun===!0?u.failures.crashedInRun:u.failures.crashed,a=t??(r.code===`crashed`?i:void 0);this.#e.change({problem:{code:r.code,message:r.message,note:a,...n}}),Mt(r.code)&&(this.#e.change({notice:void 0}),this.refreshEngine())}},mr=`soft-thinking-lab.speed`;function hr(){try{let{engine:e,secondsPerStep:t}=Object(JSON.parse(localStorage.getItem(mr)??`{}`));return typeof e==`string`&&typeof t==`number`&&t>0?{engine:e,secondsPerStep:t}:void 0}catch{return}}function gr(e){try{localStorage.setItem(mr,JSON.stringify(e))}catch{}}var _r=10,vr=.2,yr=500,br=class{#e;#t;#n;#r=0;constructor(e,t){this.#e=e,this.#t=t}async start(){let{state:e}=this.#e,t=this.#t.lab;if(t===void 0||e.model===void 0||e.progress!==void 0||L(e.run))return;let{method:n,stepsWanted:r,settings:i}=e,{objective:a,preset:o}=n,s=Se(a),c=Object.fromEntries(Object.entries(oe(i)).filter(([e])=>s.includes(e))),l={...Rt(e)?.config,...this.#t.questions.taskOptions(),...o===void 0?{objective:a}:{preset:o},...c};l.max_steps=r??xr,this.#e.change({run:{...Nt(n),phase:`starting`,stepsMax:r},problem:void 0,savedRun:void 0}),await this.#i(t.train(l,{onEvent:this.#s}))}async resumeSaved(e){let t=this.#t.lab;if(t===void 0||L(this.#e.state.run))return;e.task!==this.#e.state.task&&await this.#t.questions.chooseTask(e.task);let n=P(e.config),r=typeof e.config.max_steps==`number`?e.config.max_steps:void 0;this.#e.change({run:{...Nt(n),phase:`starting`,step:e.step,history:e.history,stepsMax:r===xr?void 0:r},method:n,savedRun:void 0,problem:void 0}),await this.#i(t.resumeRun({onEvent:this.#s}))}async forgetSaved(){this.#e.change({savedRun:void 0}),await this.#t.lab?.forgetRun().catch(async e=>{this.#t.report(e),await this.#t.lookForSavedRun()})}async#i(e){this.#n=e,this.#r=0;try{let t=performance.now();for await(let n of e){let{run:r}=this.#e.state,i=performance.now(),a=n.step_time>0?n.step_time:(i-t)/1e3;t=i;let o=r.secondsPerStep??a;this.#e.change({run:{...r,phase:r.phase===`starting`?`running`:r.phase,step:n.step,history:[...r.history,n],tries:this.#o(i)?{step:n.step,samples:e.samples}:r.tries,secondsPerStep:o+vr*(a-o)},trainedSteps:n.step,trainedBy:r.method,...n.step%_r===0?{announcement:u.train.milestone(n.step,B(n.reward))}:{}})}let n=await e.finished,{secondsPerStep:r}=this.#e.state.run;r!==void 0&&gr({engine:vn(this.#e.state.engine),secondsPerStep:r}),this.#e.changeRun({phase:n.reason,step:n.step,tries:this.#a(n.step),collapse:void 0}),this.#e.change({announcement:n.reason===`finished`?u.train.done(n.step):u.train.stopped(n.step)})}catch(e){let{run:t}=this.#e.state;this.#e.changeRun({phase:t.step>0?`stopped`:`idle`,collapse:void 0}),this.#t.report(e,void 0,{inRun:!0}),this.#e.state.problem?.code===`busy`&&await this.#t.lookForSavedRun()}}async reopen(){let{inRun:e}=this.#e.state.problem??{};await this.#t.reopen();let{savedRun:t,problem:n,model:r}=this.#e.state;n===void 0&&r!==void 0&&(e===!0&&t!==void 0&&t.elsewhere!==!0?(this.#e.change({notice:u.failures.reopenedAt(t.step),announcement:u.failures.reopenedAt(t.step)}),await this.resumeSaved(t)):this.#e.change({notice:u.failures.reopened,announcement:u.failures.reopened}))}#a(e){return{step:e,samples:this.#n?.samples??[]}}#o(e){return e-this.#r<yr?!1:(this.#r=e,!0)}#s=e=>{switch(e.type){case`started`:this.#e.changeRun({config:e.start.config}),this.#u(e.start),this.#t.refreshEngine();break;case`paused`:this.#e.changeRun({phase:`paused`});break;case`resumed`:this.#e.changeRun({phase:`running`,collapse:void 0});break;case`collapsed`:{let{step:t,sign:n,message:r,bestStep:i}=e,a={step:t,sign:n,message:r,...i===void 0?{}:{bestStep:i}};this.#e.changeRun({phase:`collapsed`,collapse:a,tries:this.#a(t)});break}case`returned`:this.#l(e.step),this.#e.change({announcement:u.collapse.returned(e.step)});break;case`recovered`:this.#t.recovered(e.message),this.#l(e.step);break;case`checkpoint`:this.#e.changeRun({saved:u.train.saved(e.step)});break;case`checkpoint-failed`:this.#e.changeRun({saved:u.train.saveFailed(e.message)});break;case`metrics`:e.remarks.length>0&&this.#c(e.remarks.join(` `),e.metrics.skipped_updates??0)}};#c(e,t){let n=this.#e.state.run.remark?.skipped??0;this.#e.changeRun({remark:{text:e,skipped:n+t}})}#l(e){let{history:t}=this.#e.state.run;this.#e.changeRun({step:e,history:t.filter(t=>t.step<=e)}),this.#e.change({trainedSteps:e})}#u(e){let t=e[`val/pass@1`];if(t===void 0)return;let n={step:e.step,"val/pass@1":t,"val/pass@k":e[`val/pass@k`]};this.#e.changeRun({history:[...this.#e.state.run.history,n]})}pause(){this.#e.changeRun({phase:`pausing`}),this.#n?.pause()}resume(){this.#n?.resume()}returnToBest(){this.#n?.returnToBest()}stop(){this.#n?.stop()}toggle(){let{phase:e}=this.#e.state.run;e===`running`||e===`starting`?this.pause():e===`paused`?this.resume():e!==`pausing`&&e!==`collapsed`&&this.start()}openSample(e){let{run:t}=this.#e.state;if(t.openSample===e){this.#e.changeRun({openSample:void 0,held:void 0});return}let n=Vt(t)[t.group]?.[e];n!==void 0&&this.#e.changeRun({openSample:e,openStep:Ht(n),held:Bt(t)})}openStep(e){this.#e.changeRun({openStep:e})}pickGroup(e){this.#e.changeRun({group:e,openSample:void 0,held:void 0})}set(e,t){this.#e.change({settings:{...this.#e.state.settings,[e]:t}})}},xr=1e6,Sr=.2,Cr=25,wr=200,Tr=class{#e;#t;#n;#r;#i=new AbortController;#a=0;#o=0;#s;constructor(e,t,n){this.#e=e,this.#t=t,this.#n=n}#c(e){this.#e.change({trial:{...this.#e.state.trial,...e}})}#l(e){let{going:t}=this.#e.state.trial;t!==void 0&&this.#c({going:{...t,...e}})}async look(){let e=await this.#t.lab?.savedExperiment().catch(()=>null);e!=null&&this.#e.state.trial.phase===`idle`&&this.#u(e)}#u(e){let t=e.records.length===e.arms.length*e.seeds.length;this.#c({phase:t?`finished`:`stopped`,going:Dt(e),savedAt:e.savedAt})}choose(e){this.#c(e)}async start(){let{trial:e,results:t}=this.#e.state,{plan:n}=t,r=vt(t)?.task;if(n===void 0||r===void 0||Et(e))return;let i=e.arms??At(n);if(i===void 0)return;let a=e.seed??n.seeds[0]??1,o=kt(n,r,i,a),s={plan:o,task:r,arms:[...i],seed:a,records:[],summary:null,current:void 0},c={plan:o,task:r,arms:[...i],seeds:[a]};await this.#d(s,async(e,t)=>{let n=o.tasks[0]?.model??``,r=new URL(`models/${n}`,document.baseURI);await e.loadModel(r,{signal:t,...Dn(r)}),await e.experiment(c,{signal:t,onEvent:this.#p})})}async resume(){let{going:e,phase:t}=this.#e.state.trial;e!==void 0&&t===`stopped`&&(await this.#n.openFor(e.plan.name,e.task),await this.#d(e,(e,t)=>e.resumeExperiment({signal:t,onEvent:this.#p})))}async#d(e,t){let n=new AbortController;this.#i=n,this.#s=void 0;let{arms:r,seed:i}=this.#e.state.trial;this.#c({...Tt(),arms:r,seed:i,phase:`loading`,going:e});let{engine:a,engineChoice:o}=this.#e.state,{signal:s}=n;try{this.#r=await h({engine:a?.kind??o,seed:e.seed,signal:s}),await t(this.#r,s),this.#c({phase:`finished`}),this.#e.change({announcement:u.trial.done})}catch(e){s.aborted||this.#c({phase:`stopped`,problem:e instanceof Error?e.message:String(e)})}finally{this.#i===n&&this.#f()}}#f(){this.#r?.dispose(),this.#r=void 0}async cancel(){this.#i.abort(),this.#f();let{arms:e,seed:t}=this.#e.state.trial;this.#c({...Tt(),arms:e,seed:t}),this.#e.change({announcement:u.trial.cancelled}),await this.look()}async forget(){this.#c(Tt()),await this.#t.guard(async()=>{await this.#t.lab?.forgetExperiment()})}download(e){let t=this.#e.state.trial.going?.records.find(t=>t.arm===e);t!==void 0&&ur(`${t.task}-${e}-${t.seed}.json`,new Blob([JSON.stringify(t)],{type:`application/json`}))}#p=e=>{let{going:t,speed:n}=this.#e.state.trial,r=performance.now(),i=(e,t)=>e===void 0?t:e+Sr*(t-e);switch(e.type){case`run`:this.#s={arm:e.arm,steps:e.steps,curve:e.record?.curve??[],phase:`train`,done:0,total:0},this.#c({phase:`running`}),this.#l({current:this.#s}),this.#e.change({announcement:u.trial.begins(this.#m(e.arm))}),this.#a=0;break;case`started`:this.#a=r;break;case`step`:{if(this.#s===void 0)return;let t=Number(e.metrics.step),a=this.#s.curve.filter(e=>Number(e.step)<t);this.#s={...this.#s,phase:`train`,curve:[...a,e.metrics]};let o=(r-this.#a)/1e3;this.#a>0&&this.#c({speed:{...n,step:i(n.step,o)}}),this.#a=r,t%Cr===0&&this.#e.change({announcement:u.trial.milestone(this.#m(e.arm),t,this.#s.steps)}),(r-this.#o>=wr||t===this.#s.steps)&&(this.#o=r,this.#l({current:this.#s}));break}case`evaluate`:{if(this.#s===void 0)return;let{done:t,total:a}=e,o=t-(this.#s.phase===`evaluate`?this.#s.done:0),s=(r-this.#a)/1e3/Math.max(1,o);this.#a=r,this.#s={...this.#s,phase:`evaluate`,done:t,total:a},this.#c({speed:{...n,question:i(n.question,s)}}),this.#l({current:this.#s});break}case`finished`:this.#l({records:[...t?.records??[],e.record],summary:e.summary,current:void 0}),this.#e.change({announcement:u.trial.armDone(this.#m(e.arm))});break;case`checkpoint`:this.#c({saved:u.trial.kept,savedAt:e.savedAt});break;case`checkpoint-failed`:this.#c({saved:u.train.saveFailed(e.message)});break;case`recovered`:this.#e.change({announcement:e.message})}};#m(e){let{going:t}=this.#e.state.trial;return t?.plan.arms.find(({name:t})=>t===e)?.title??e}},Er={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},Dr=e=>(...t)=>({_$litDirective$:e,values:t}),Or=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,n){this._$Ct=e,this._$AM=t,this._$Ci=n}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}},{I:kr}=r,Ar=e=>e.strings===void 0,jr={},Mr=(e,t=jr)=>e._$AH=t,Nr=Dr(class extends Or{constructor(e){if(super(e),e.type!==Er.PROPERTY&&e.type!==Er.ATTRIBUTE&&e.type!==Er.BOOLEAN_ATTRIBUTE)throw Error("The `live` directive is not allowed on child or event bindings");if(!Ar(e))throw Error("`live` bindings can only contain a single expression")}render(e){return e}update(e,[r]){if(r===t||r===n)return r;let i=e.element,a=e.name;if(e.type===Er.PROPERTY){if(r===i[a])return t}else if(e.type===Er.BOOLEAN_ATTRIBUTE){if(!!r===i.hasAttribute(a))return t}else if(e.type===Er.ATTRIBUTE&&i.getAttribute(a)===r+``)return t;return Mr(e),r}});function Pr(e){let t=u.fetching;return[[t.storage,Ir(e)],[t.offline,Lr(e)]]}function Fr(e){let{capabilities:t,site:n}=e;if(e.model!==void 0||t===void 0||n.modelKept===void 0)return;let r=u.fetching,i=En(tn(e)),a=[];return t.engine.kept||a.push(r.engine(hn(t.engine.bytes))),i!==void 0&&!n.modelKept&&a.push(r.model(i.name,hn(i.bytes))),a.length===0?r.nothing:a.length===1?r.kept(a.join(``)):r.list(a)}function Ir({capabilities:e}){if(e===void 0)return;let{usable:t,reason:n,quota:r}=e.storage,i=u.fetching;return t?r===void 0?i.storageOn:i.storageOf(hn(r)):i.storageOff(n)}function Lr({site:e}){return e.offline?u.offline.yes:e.whyNot??u.offline.notYet}var Rr=[`auto`,`cpu`,`gpu`],zr=`engine-badge`,Br=`engine-card`;function Vr(t,n,r){return e`<div class="engine" id="engine">
    ${Hr(t,r)} ${Ur(t,n)} ${Wr(t,n)}
  </div>`}function Hr(t,r){let i=L(t.run);return e`<label title=${i?u.engine.duringRun:n}>
    ${u.engine.label}
    <select
      name="engine"
      .value=${Nr(t.engineChoice)}
      ?disabled=${i||t.progress!==void 0}
      @change=${e=>r.chooseEngine(e.target.value)}
    >
      ${Rr.map(n=>e`<option value=${n} ?selected=${n===t.engineChoice}>${u.engine.choices[n]}</option>`)}
    </select>
  </label>`}function Ur(t,n){let{engine:r,engineCardShown:i}=t,a=vn(r);return e`<button
    type="button"
    class="badge"
    id=${zr}
    data-kind=${r?.kind??`none`}
    title=${a}
    aria-expanded=${i?`true`:`false`}
    aria-controls=${Br}
    @click=${()=>{n.change({engineCardShown:!i})}}
  >
    <span class="unseen">${u.engine.badge}</span>
    <span class="lamp" aria-hidden="true"></span>
    <span class="words">${a}</span>
    <span class="turn" aria-hidden="true">▾</span>
  </button>`}function Wr(t,r){return e`<section
    class="panel engine-card"
    id=${Br}
    aria-labelledby="engine-card-title"
    ?hidden=${!t.engineCardShown}
  >
    <h2 id="engine-card-title">${u.engine.card.title}</h2>
    ${Kr(t)} ${t.capabilities===void 0?n:Zr(t.capabilities)}
    <button
      type="button"
      class="quiet-button"
      @click=${()=>{Gr(r)}}
    >
      ${u.close}
    </button>
  </section>`}function Gr(e){e.state.engineCardShown&&(document.getElementById(Br)?.contains(document.activeElement)&&document.getElementById(zr)?.focus(),e.change({engineCardShown:!1}))}function Kr(t){let{capabilities:r,engine:i}=t,a=u.engine.card,o=[i===void 0?[a.willRun,Jr(t)]:[a.runs,qr(t)],[a.why,i?.reason],[a.speed,Yr(t)],[u.fetching.label,Fr(t)],[a.onCpu,i?.on_cpu.join(` `)],[a.whyNot,r?.webgpuReason],[a.advice,r===void 0?void 0:r.advice[0]??a.noneNeeded],...Pr(t)];return e`<dl class="engine-facts">
    ${o.map(([t,r])=>r===void 0||r===``?n:e`<div>
            <dt>${t}</dt>
            <dd>${r}</dd>
          </div>`)}
  </dl>`}function qr({engine:e,capabilities:t}){return e===void 0?``:e.kind===`gpu`?vn(e):t===void 0?e.name:u.engine.card.cores(e.name,t.cores)}function Jr({engineChoice:e,capabilities:t}){if(t===void 0)return u.engine.card.looking;let{adapter:n,cores:r}=t,i=u.engine.card.cores(u.engine.cpu,r);if(n===null||e===`cpu`)return i;let a=xn(n);return e===`gpu`?a:u.engine.card.either(i,a)}function Yr({engine:e,run:t}){let n=u.engine.card,r=t.secondsPerStep===void 0?``:n.seen(gn(t.secondsPerStep));if(e?.measured===void 0)return r===``?Xr():r;let{cpu_ms:i,gpu_ms:a}=e.measured;return`${n.measured(gn(i/1e3),gn(a/1e3))} ${r}`.trim()}function Xr(){let e=hr();return e===void 0?u.fetching.typical:u.fetching.lastTime(gn(e.secondsPerStep),e.engine)}function Zr({adapter:t,limits:n,f16:r,wasmSimd:i,secureContext:a}){let o=u.engine.card,s=e=>e?o.yes:o.no,c=[[o.wasmSimd,s(i)],[o.secureContext,s(a)]];if(t!==null&&c.push([o.adapter,xn(t)],[o.f16,s(r)]),n!==null)for(let e of Object.keys(o.limits))c.push([o.limits[e],e.endsWith(`Size`)?hn(n[e]):String(n[e])]);return e`<details>
    <summary>${o.details}</summary>
    <dl class="engine-facts">
      ${c.map(([t,n])=>e`<div>
            <dt>${t}</dt>
            <dd>${n}</dd>
          </div>`)}
    </dl>
  </details>`}var Qr=!0,$r=`uplot`,ei=`u-hz`,ti=`u-vt`,ni=`u-title`,ri=`u-wrap`,ii=`u-under`,ai=`u-over`,oi=`u-axis`,si=`u-off`,ci=`u-select`,li=`u-cursor-x`,ui=`u-cursor-y`,di=`u-cursor-pt`,fi=`u-legend`,pi=`u-live`,mi=`u-inline`,hi=`u-series`,gi=`u-marker`,_i=`u-label`,vi=`u-value`,yi=`width`,bi=`height`,xi=`top`,Si=`bottom`,Ci=`left`,wi=`right`,Ti=`#000`,Ei=`#0000`,Di=`mousemove`,Oi=`mousedown`,ki=`mouseup`,Ai=`mouseenter`,ji=`mouseleave`,Mi=`dblclick`,Ni=`resize`,Pi=`scroll`,Fi=`change`,Ii=`dppxchange`,Li=`--`,Ri=typeof window<`u`,zi=Ri?document:null,Bi=Ri?window:null,Vi=Ri?navigator:null,W,Hi;function Ui(){let e=devicePixelRatio;W!=e&&(W=e,Hi&&ra(Fi,Hi,Ui),Hi=matchMedia(`(min-resolution: ${W-.001}dppx) and (max-resolution: ${W+.001}dppx)`),na(Fi,Hi,Ui),Bi.dispatchEvent(new CustomEvent(Ii)))}function Wi(e,t){if(t!=null){let n=e.classList;!n.contains(t)&&n.add(t)}}function Gi(e,t){let n=e.classList;n.contains(t)&&n.remove(t)}function G(e,t,n){e.style[t]=n+`px`}function Ki(e,t,n,r){let i=zi.createElement(e);return t!=null&&Wi(i,t),n?.insertBefore(i,r),i}function qi(e,t){return Ki(`div`,e,t)}var Ji=new WeakMap;function Yi(e,t,n,r,i){let a=`translate(`+t+`px,`+n+`px)`;a!=Ji.get(e)&&(e.style.transform=a,Ji.set(e,a),t<0||n<0||t>r||n>i?Wi(e,si):Gi(e,si))}var Xi=new WeakMap;function Zi(e,t,n){let r=t+n;r!=Xi.get(e)&&(Xi.set(e,r),e.style.background=t,e.style.borderColor=n)}var Qi=new WeakMap;function $i(e,t,n,r){let i=t+``+n;i!=Qi.get(e)&&(Qi.set(e,i),e.style.height=n+`px`,e.style.width=t+`px`,e.style.marginLeft=r?-t/2+`px`:0,e.style.marginTop=r?-n/2+`px`:0)}var ea={passive:!0},ta={...ea,capture:!0};function na(e,t,n,r){t.addEventListener(e,n,r?ta:ea)}function ra(e,t,n,r){t.removeEventListener(e,n,ea)}Ri&&Ui();function ia(e,t,n,r){let i;n||=0,r||=t.length-1;let a=r<=2147483647;for(;r-n>1;)i=a?n+r>>1:Ta((n+r)/2),t[i]<e?n=i:r=i;return e-t[n]<=t[r]-e?n:r}function aa(e){return(t,n,r)=>{let i=-1,a=-1;for(let a=n;a<=r;a++)if(e(t[a])){i=a;break}for(let i=r;i>=n;i--)if(e(t[i])){a=i;break}return[i,a]}}var oa=e=>e!=null,sa=e=>e!=null&&e>0,ca=aa(oa),la=aa(sa);function ua(e,t,n,r=0,i=!1){let a=i?la:ca,o=i?sa:oa;[t,n]=a(e,t,n);let s=e[t],c=e[t];if(t>-1){if(r==1)s=e[t],c=e[n];else if(r==-1)s=e[n],c=e[t];else for(let r=t;r<=n;r++){let t=e[r];o(t)&&(t<s?s=t:t>c&&(c=t))}}return[s??q,c??-q]}function da(e,t,n,r){let i=ja(e),a=ja(t);e==t&&(i==-1?(e*=n,t/=n):(e/=n,t*=n));let o=n==10?Ma:Na,s=i==1?Ta:Da,c=a==1?Da:Ta,l=s(o(wa(e))),u=c(o(wa(t))),d=Aa(n,l),f=Aa(n,u);return n==10&&(l<0&&(d=Y(d,-l)),u<0&&(f=Y(f,-u))),r||n==2?(e=d*i,t=f*a):(e=Ya(e,d),t=Ja(t,f)),[e,t]}function fa(e,t,n,r){let i=da(e,t,n,r);return e==0&&(i[0]=0),t==0&&(i[1]=0),i}var pa=.1,ma={mode:3,pad:pa},ha={pad:0,soft:null,mode:0},ga={min:ha,max:ha};function _a(e,t,n,r){return oo(n)?ya(e,t,n):(ha.pad=n,ha.soft=r?0:null,ha.mode=r?3:0,ya(e,t,ga))}function K(e,t){return e??t}function va(e,t,n){for(t=K(t,0),n=K(n,e.length-1);t<=n;){if(e[t]!=null)return!0;t++}return!1}function ya(e,t,n){let r=n.min,i=n.max,a=K(r.pad,0),o=K(i.pad,0),s=K(r.hard,-q),c=K(i.hard,q),l=K(r.soft,q),u=K(i.soft,-q),d=K(r.mode,0),f=K(i.mode,0),p=t-e,m=Ma(p),h=ka(wa(e),wa(t)),g=wa(Ma(h)-m);(p<1e-24||g>10)&&(p=0,(e==0||t==0)&&(p=1e-24,d==2&&l!=q&&(a=0),f==2&&u!=-q&&(o=0)));let _=p||h||1e3,v=Aa(10,Ta(Ma(_))),y=Y(Ya(e-_*(p==0?e==0?.1:1:a),v/10),24),b=e>=l&&(d==1||d==3&&y<=l||d==2&&y>=l)?l:q,x=ka(s,y<b&&e>=b?b:Oa(b,y)),S=Y(Ja(t+_*(p==0?t==0?.1:1:o),v/10),24),C=t<=u&&(f==1||f==3&&S>=u||f==2&&S<=u)?u:-q,w=Oa(c,S>C&&t<=C?C:ka(C,S));return x==w&&x==0&&(w=100),[x,w]}var ba=new Intl.NumberFormat(Ri?Vi.language:`en-US`),xa=e=>ba.format(e),Sa=Math,Ca=Sa.PI,wa=Sa.abs,Ta=Sa.floor,Ea=Sa.round,Da=Sa.ceil,Oa=Sa.min,ka=Sa.max,Aa=Sa.pow,ja=Sa.sign,Ma=Sa.log10,Na=Sa.log2,Pa=(e,t=1)=>Sa.sinh(e)*t,Fa=(e,t=1)=>Sa.asinh(e/t),q=1/0;function Ia(e){return(Ma((e^e>>31)-(e>>31))|0)+1}function La(e,t,n){return Oa(ka(e,t),n)}function Ra(e){return typeof e==`function`}function J(e){return Ra(e)?e:()=>e}var za=()=>{},Ba=e=>e,Va=(e,t)=>t,Ha=e=>null,Ua=e=>!0,Wa=(e,t)=>e==t,Ga=/\.\d*?(?=9{6,}|0{6,})/gm,Ka=e=>{if(ro(e)||Xa.has(e))return e;let t=`${e}`,n=t.match(Ga);if(n==null)return e;let r=n[0].length-1;if(t.indexOf(`e-`)!=-1){let[e,n]=t.split(`e`);return+`${Ka(e)}e${n}`}return Y(e,r)};function qa(e,t){return Ka(Y(Ka(e/t))*t)}function Ja(e,t){return Ka(Da(Ka(e/t))*t)}function Ya(e,t){return Ka(Ta(Ka(e/t))*t)}function Y(e,t=0){if(ro(e))return e;let n=10**t;return Ea(e*n*(1+2**-52))/n}var Xa=new Map;function Za(e){return((``+e).split(`.`)[1]||``).length}function Qa(e,t,n,r){let i=[],a=r.map(Za);for(let o=t;o<n;o++){let t=wa(o),n=Y(Aa(e,o),t);for(let s=0;s<r.length;s++){let c=e==10?+`${r[s]}e${o}`:r[s]*n,l=(o>=0?0:t)+(o>=a[s]?0:a[s]),u=e==10?c:Y(c,l);i.push(u),Xa.set(u,l)}}return i}var $a={},eo=[],to=[null,null],no=Array.isArray,ro=Number.isInteger,io=e=>e===void 0;function ao(e){return typeof e==`string`}function oo(e){let t=!1;if(e!=null){let n=e.constructor;t=n==null||n==Object}return t}function so(e){return typeof e==`object`&&!!e}var co=Object.getPrototypeOf(Uint8Array),lo=`__proto__`;function uo(e,t=oo){let n;if(no(e)){let r=e.find(e=>e!=null);if(no(r)||t(r)){n=Array(e.length);for(let r=0;r<e.length;r++)n[r]=uo(e[r],t)}else n=e.slice()}else if(e instanceof co)n=e.slice();else if(t(e)){n={};for(let r in e)r!=lo&&(n[r]=uo(e[r],t))}else n=e;return n}function fo(e){let t=arguments;for(let n=1;n<t.length;n++){let r=t[n];for(let t in r)t!=lo&&(oo(e[t])?fo(e[t],uo(r[t])):e[t]=uo(r[t]))}return e}var po=0,mo=1,ho=2;function go(e,t,n){for(let r=0,i,a=-1;r<t.length;r++){let o=t[r];if(o>a){for(i=o-1;i>=0&&e[i]==null;)e[i--]=null;for(i=o+1;i<n&&e[i]==null;)e[a=i++]=null}}}function _o(e,t){if(bo(e)){let t=e[0].slice();for(let n=1;n<e.length;n++)t.push(...e[n].slice(1));return xo(t[0])||(t=yo(t)),t}let n=new Set;for(let t=0;t<e.length;t++){let r=e[t][0],i=r.length;for(let e=0;e<i;e++)n.add(r[e])}let r=[Array.from(n).sort((e,t)=>e-t)],i=r[0].length,a=new Map;for(let e=0;e<i;e++)a.set(r[0][e],e);for(let n=0;n<e.length;n++){let o=e[n],s=o[0];for(let e=1;e<o.length;e++){let c=o[e],l=Array(i).fill(void 0),u=t?t[n][e]:mo,d=[];for(let e=0;e<c.length;e++){let t=c[e],n=a.get(s[e]);t===null?u!=po&&(l[n]=t,u==ho&&d.push(n)):l[n]=t}go(l,d,i),r.push(l)}}return r}var vo=typeof queueMicrotask>`u`?e=>Promise.resolve().then(e):queueMicrotask;function yo(e){let t=e[0],n=t.length,r=Array(n);for(let e=0;e<r.length;e++)r[e]=e;r.sort((e,n)=>t[e]-t[n]);let i=[];for(let t=0;t<e.length;t++){let a=e[t],o=Array(n);for(let e=0;e<n;e++)o[e]=a[r[e]];i.push(o)}return i}function bo(e){let t=e[0][0],n=t.length;for(let r=1;r<e.length;r++){let i=e[r][0];if(i.length!=n)return!1;if(i!=t){for(let e=0;e<n;e++)if(i[e]!=t[e])return!1}}return!0}function xo(e,t=100){let n=e.length;if(n<=1)return!0;let r=0,i=n-1;for(;r<=i&&e[r]==null;)r++;for(;i>=r&&e[i]==null;)i--;if(i<=r)return!0;let a=ka(1,Ta((i-r+1)/t));for(let t=e[r],n=r+a;n<=i;n+=a){let r=e[n];if(r!=null){if(r<=t)return!1;t=r}}return!0}var So=[`January`,`February`,`March`,`April`,`May`,`June`,`July`,`August`,`September`,`October`,`November`,`December`],Co=[`Sunday`,`Monday`,`Tuesday`,`Wednesday`,`Thursday`,`Friday`,`Saturday`];function wo(e){return e.slice(0,3)}var To=Co.map(wo),Eo={MMMM:So,MMM:So.map(wo),WWWW:Co,WWW:To};function Do(e){return(e<10?`0`:``)+e}function Oo(e){return(e<10?`00`:e<100?`0`:``)+e}var ko={YYYY:e=>e.getFullYear(),YY:e=>(e.getFullYear()+``).slice(2),MMMM:(e,t)=>t.MMMM[e.getMonth()],MMM:(e,t)=>t.MMM[e.getMonth()],MM:e=>Do(e.getMonth()+1),M:e=>e.getMonth()+1,DD:e=>Do(e.getDate()),D:e=>e.getDate(),WWWW:(e,t)=>t.WWWW[e.getDay()],WWW:(e,t)=>t.WWW[e.getDay()],HH:e=>Do(e.getHours()),H:e=>e.getHours(),h:e=>{let t=e.getHours();return t==0?12:t>12?t-12:t},AA:e=>e.getHours()>=12?`PM`:`AM`,aa:e=>e.getHours()>=12?`pm`:`am`,a:e=>e.getHours()>=12?`p`:`a`,mm:e=>Do(e.getMinutes()),m:e=>e.getMinutes(),ss:e=>Do(e.getSeconds()),s:e=>e.getSeconds(),fff:e=>Oo(e.getMilliseconds())};function Ao(e,t){t||=Eo;let n=[],r=/\{([a-z]+)\}|[^{]+/gi,i;for(;i=r.exec(e);)n.push(i[0][0]==`{`?ko[i[1]]:i[0]);return e=>{let r=``;for(let i=0;i<n.length;i++)r+=typeof n[i]==`string`?n[i]:n[i](e,t);return r}}var jo=new Intl.DateTimeFormat().resolvedOptions().timeZone;function Mo(e,t){let n;return t==`UTC`||t==`Etc/UTC`?n=new Date(+e+e.getTimezoneOffset()*6e4):t==jo?n=e:(n=new Date(e.toLocaleString(`en-US`,{timeZone:t})),n.setMilliseconds(e.getMilliseconds())),n}var No=e=>e%1==0,Po=[1,2,2.5,5],Fo=Qa(10,-32,0,Po),Io=Qa(10,0,32,Po),Lo=Io.filter(No),Ro=Fo.concat(Io),zo=`
`,Bo=`{YYYY}`,Vo=zo+Bo,Ho=`{M}/{D}`,Uo=zo+Ho,Wo=Uo+`/{YY}`,Go=`{aa}`,Ko=`{h}:{mm}`+Go,qo=zo+Ko,Jo=`:{ss}`,X=null;function Yo(e){let t=e*1e3,n=t*60,r=n*60,i=r*24,a=i*30,o=i*365,s=(e==1?Qa(10,0,3,Po).filter(No):Qa(10,-3,0,Po)).concat([t,t*5,t*10,t*15,t*30,n,n*5,n*10,n*15,n*30,r,r*2,r*3,r*4,r*6,r*8,r*12,i,i*2,i*3,i*4,i*5,i*6,i*7,i*8,i*9,i*10,i*15,a,a*2,a*3,a*4,a*6,o,o*2,o*5,o*10,o*25,o*50,o*100]),c=[[o,Bo,X,X,X,X,X,X,1],[i*28,`{MMM}`,Vo,X,X,X,X,X,1],[i,Ho,Vo,X,X,X,X,X,1],[r,`{h}`+Go,Wo,X,Uo,X,X,X,1],[n,Ko,Wo,X,Uo,X,X,X,1],[t,Jo,Wo+` `+Ko,X,Uo+` `+Ko,X,qo,X,1],[e,Jo+`.{fff}`,Wo+` `+Ko,X,Uo+` `+Ko,X,qo,X,1]];function l(t){return(s,c,l,u,d,f)=>{let p=[],m=d>=o,h=d>=a&&d<o,g=t(l),_=Y(g*e,3),v=as(g.getFullYear(),m?0:g.getMonth(),h||m?1:g.getDate()),y=Y(v*e,3);if(h||m){let n=h?d/a:0,r=m?d/o:0,i=_==y?_:Y(as(v.getFullYear()+r,v.getMonth()+n,1)*e,3),s=new Date(Ea(i/e)),c=s.getFullYear(),l=s.getMonth();for(let a=0;i<=u;a++){let o=as(c+r*a,l+n*a,1),s=o-t(Y(o*e,3));i=Y((+o+s)*e,3),i<=u&&p.push(i)}}else{let a=d>=i?i:d,o=y+(Ta(l)-Ta(_))+Ja(_-y,a);p.push(o);let m=t(o),h=m.getHours()+m.getMinutes()/n+m.getSeconds()/r,g=d/r,v=f/s.axes[c]._space;for(;o=Y(o+d,e==1?0:3),!(o>u);)if(g>1){let e=Ta(Y(h+g,6))%24,n=t(o).getHours()-e;n>1&&(n=-1),o-=n*r,h=(h+g)%24;let i=p[p.length-1];Y((o-i)/d,3)*v>=.7&&p.push(o)}else p.push(o)}return p}}return[s,c,l]}var[Xo,Zo,Qo]=Yo(1),[$o,es,ts]=Yo(.001);Qa(2,-53,53,[1]);function ns(e,t){return e.map(e=>e.map((n,r)=>r==0||r==8||n==null?n:t(r==1||e[8]==0?n:e[1]+n)))}function rs(e,t){return(n,r,i,a,o)=>{let s=t.find(e=>o>=e[0])||t[t.length-1],c,l,u,d,f,p;return r.map(t=>{let n=e(t),r=n.getFullYear(),i=n.getMonth(),a=n.getDate(),o=n.getHours(),m=n.getMinutes(),h=n.getSeconds(),g=r!=c&&s[2]||i!=l&&s[3]||a!=u&&s[4]||o!=d&&s[5]||m!=f&&s[6]||h!=p&&s[7]||s[1];return c=r,l=i,u=a,d=o,f=m,p=h,g(n)})}}function is(e,t){let n=Ao(t);return(t,r,i,a,o)=>r.map(t=>n(e(t)))}function as(e,t,n){return new Date(e,t,n)}function os(e,t){return t(e)}var ss=`{YYYY}-{MM}-{DD} {h}:{mm}{aa}`;function cs(e,t){return(n,r,i,a)=>a==null?Li:t(e(r))}function ls(e,t){let n=e.series[t];return n.width?n.stroke(e,t):n.points.width?n.points.stroke(e,t):null}function us(e,t){return e.series[t].fill(e,t)}var ds={show:!0,live:!0,isolate:!1,mount:za,markers:{show:!0,width:2,stroke:ls,fill:us,dash:`solid`},idx:null,idxs:null,values:[]};function fs(e,t){let n=e.cursor.points,r=qi(),i=n.size(e,t);G(r,yi,i),G(r,bi,i);let a=i/-2;G(r,`marginLeft`,a),G(r,`marginTop`,a);let o=n.width(e,t,i);return o&&G(r,`borderWidth`,o),r}function ps(e,t){let n=e.series[t].points;return n._fill||n._stroke}function ms(e,t){let n=e.series[t].points;return n._stroke||n._fill}function hs(e,t){return e.series[t].points.size}var gs=[0,0];function _s(e,t,n){return gs[0]=t,gs[1]=n,gs}function vs(e,t,n,r=!0){return e=>{e.button!=0||r&&e.target!=t||n(e)}}function ys(e,t,n,r=!0){return e=>{r&&e.target!=t||n(e)}}var bs={show:!0,x:!0,y:!0,lock:!1,move:_s,points:{one:!1,show:fs,size:hs,width:0,stroke:ms,fill:ps},bind:{mousedown:vs,mouseup:vs,click:vs,dblclick:vs,mousemove:ys,mouseleave:ys,mouseenter:ys},drag:{setScale:!0,x:!0,y:!1,dist:0,uni:null,click:(e,t)=>{t.stopPropagation(),t.stopImmediatePropagation()},_x:!1,_y:!1},focus:{dist:(e,t,n,r,i)=>r-i,prox:-1,bias:0},hover:{skip:[void 0],prox:null,bias:0},left:-10,top:-10,idx:null,dataIdx:null,idxs:null,event:null},xs={show:!0,stroke:`rgba(0,0,0,0.07)`,width:2},Ss=fo({},xs,{filter:Va}),Cs=fo({},Ss,{size:10}),ws=fo({},xs,{show:!1}),Ts=`12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif, "Apple Color Emoji", "Segoe UI Emoji", "Segoe UI Symbol", "Noto Color Emoji"`,Es=`bold `+Ts,Ds=1.5,Os={show:!0,scale:`x`,stroke:Ti,space:50,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:Es,side:2,grid:Ss,ticks:Cs,border:ws,font:Ts,lineGap:Ds,rotate:0},ks=`Value`,As=`Time`,js={show:!0,scale:`x`,auto:!1,sorted:1,min:q,max:-1/0,idxs:[]};function Ms(e,t,n,r,i){return t.map(e=>e==null?``:xa(e))}function Ns(e,t,n,r,i,a,o){let s=[],c=Xa.get(i)||0;n=o?n:Y(Ja(n,i),c);for(let e=n;e<=r;e=Y(e+i,c))s.push(Object.is(e,-0)?0:e);return s}function Ps(e,t,n,r,i,a,o){let s=[],c=e.scales[e.axes[t].scale].log;i=Aa(c,Ta((c==10?Ma:Na)(n))),c==10&&(i=Ro[ia(i,Ro)]);let l=n,u=i*c;c==10&&(u=Ro[ia(u,Ro)]);do s.push(l),l+=i,c==10&&!Xa.has(l)&&(l=Y(l,Xa.get(i))),l>=u&&(i=l,u=i*c,c==10&&(u=Ro[ia(u,Ro)]));while(l<=r);return s}function Fs(e,t,n,r,i,a,o){let s=e.scales[e.axes[t].scale].asinh,c=r>s?Ps(e,t,ka(s,n),r,i):[s],l=r>=0&&n<=0?[0]:[];return(n<-s?Ps(e,t,ka(s,-r),-n,i):[s]).reverse().map(e=>-e).concat(l,c)}var Is=/./,Ls=/[12357]/,Rs=/[125]/,zs=/1/,Bs=(e,t,n,r)=>e.map((e,i)=>t==4&&e==0||i%r==0&&n.test(e.toExponential()[+(e<0)])?e:null);function Vs(e,t,n,r,i){let a=e.axes[n],o=a.scale,s=e.scales[o],c=e.valToPos,l=a._space,u=c(10,o),d=c(9,o)-u>=l?Is:c(7,o)-u>=l?Ls:c(5,o)-u>=l?Rs:zs;if(d==zs){let e=wa(c(1,o)-u);if(e<l)return Bs(t.slice().reverse(),s.distr,d,Da(l/e)).reverse()}return Bs(t,s.distr,d,1)}function Hs(e,t,n,r,i){let a=e.axes[n],o=a.scale,s=a._space,c=e.valToPos,l=wa(c(1,o)-c(2,o));return l<s?Bs(t.slice().reverse(),3,Is,Da(s/l)).reverse():t}function Us(e,t,n,r){return r==null?Li:t==null?``:xa(t)}var Ws={show:!0,scale:`y`,stroke:Ti,space:30,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:Es,side:3,grid:Ss,ticks:Cs,border:ws,font:Ts,lineGap:Ds,rotate:0};function Gs(e,t){return Y((3+(e||1)*2)*t,3)}function Ks(e,t){let{scale:n,idxs:r}=e.series[0],i=e._data[0],a=e.valToPos(i[r[0]],n,!0),o=wa(e.valToPos(i[r[1]],n,!0)-a)/(e.series[t].points.space*W);return r[1]-r[0]<=o}var qs={scale:null,auto:!0,sorted:0,min:q,max:-1/0},Js=(e,t,n,r,i)=>i,Ys={show:!0,auto:!0,sorted:0,gaps:Js,alpha:1,facets:[fo({},qs,{scale:`x`}),fo({},qs,{scale:`y`})]},Xs={scale:`y`,auto:!0,sorted:0,show:!0,spanGaps:!1,gaps:Js,alpha:1,points:{show:Ks,filter:null},values:null,min:q,max:-1/0,idxs:[],path:null,clip:null};function Zs(e,t,n,r,i){return n/10}var Qs={time:Qr,auto:!0,distr:1,log:10,asinh:1,min:null,max:null,dir:1,ori:0},$s=fo({},Qs,{time:!1,ori:1}),ec={};function tc(e,t){let n=ec[e];return n||(n={key:e,plots:[],sub(e){n.plots.push(e)},unsub(e){n.plots=n.plots.filter(t=>t!=e)},pub(e,t,r,i,a,o,s){for(let c=0;c<n.plots.length;c++)n.plots[c]!=t&&n.plots[c].pub(e,t,r,i,a,o,s)}},e!=null&&(ec[e]=n)),n}var nc=1,rc=2;function ic(e,t,n){let r=e.mode,i=e.series[t],a=r==2?e._data[t]:e._data,o=e.scales,s=e.bbox,c=a[0],l=r==2?a[1]:a[t],u=r==2?o[i.facets[0].scale]:o[e.series[0].scale],d=r==2?o[i.facets[1].scale]:o[i.scale],f=s.left,p=s.top,m=s.width,h=s.height,g=e.valToPosH,_=e.valToPosV;return u.ori==0?n(i,c,l,u,d,g,_,f,p,m,h,pc,hc,_c,yc,xc):n(i,c,l,u,d,_,g,p,f,h,m,mc,gc,vc,bc,Sc)}function ac(e,t){let n=0,r=0,i=K(e.bands,eo);for(let e=0;e<i.length;e++){let a=i[e];a.series[0]==t?n=a.dir:a.series[1]==t&&(a.dir==1?r|=1:r|=2)}return[n,r==1?-1:r==2?1:r==3?2:0]}function oc(e,t,n,r,i){let a=e.mode,o=e.series[t],s=a==2?o.facets[1].scale:o.scale,c=e.scales[s];return i==-1?c.min:i==1?c.max:c.distr==3?c.dir==1?c.min:c.max:0}function sc(e,t,n,r,i,a){return ic(e,t,(e,t,o,s,c,l,u,d,f,p,m)=>{let h=e.pxRound,g=s.dir*(s.ori==0?1:-1),_=s.ori==0?hc:gc,v,y;g==1?(v=n,y=r):(v=r,y=n);let b=h(l(t[v],s,p,d)),x=h(u(o[v],c,m,f)),S=h(l(t[y],s,p,d)),C=h(u(a==1?c.max:c.min,c,m,f)),w=new Path2D(i);return _(w,S,C),_(w,b,C),_(w,b,x),w})}function cc(e,t,n,r,i,a){let o=null;if(e.length>0){o=new Path2D;let s=t==0?_c:vc,c=n;for(let t=0;t<e.length;t++){let n=e[t];if(n[1]>n[0]){let e=n[0]-c;e>0&&s(o,c,r,e,r+a),c=n[1]}}let l=n+i-c;l>0&&s(o,c,r-5,l,r+a+10)}return o}function lc(e,t,n){let r=e[e.length-1];r&&r[0]==t?r[1]=n:e.push([t,n])}function uc(e,t,n,r,i,a,o){let s=[],c=e.length;for(let l=i==1?n:r;l>=n&&l<=r;l+=i)if(t[l]===null){let u=l,d=l;if(i==1)for(;++l<=r&&t[l]===null;)d=l;else for(;--l>=n&&t[l]===null;)d=l;let f=a(e[u]),p=d==u?f:a(e[d]),m=u-i;f=o<=0&&m>=0&&m<c?a(e[m]):f;let h=d+i;p=o>=0&&h>=0&&h<c?a(e[h]):p,p>=f&&s.push([f,p])}return s}function dc(e){return e==0?Ba:e==1?Ea:t=>qa(t,e)}function fc(e){let t=e==0?pc:mc,n=e==0?(e,t,n,r,i,a)=>{e.arcTo(t,n,r,i,a)}:(e,t,n,r,i,a)=>{e.arcTo(n,t,i,r,a)},r=e==0?(e,t,n,r,i)=>{e.rect(t,n,r,i)}:(e,t,n,r,i)=>{e.rect(n,t,i,r)};return(e,i,a,o,s,c=0,l=0)=>{c==0&&l==0?r(e,i,a,o,s):(c=Oa(c,o/2,s/2),l=Oa(l,o/2,s/2),t(e,i+c,a),n(e,i+o,a,i+o,a+s,c),n(e,i+o,a+s,i,a+s,l),n(e,i,a+s,i,a,l),n(e,i,a,i+o,a,c),e.closePath())}}var pc=(e,t,n)=>{e.moveTo(t,n)},mc=(e,t,n)=>{e.moveTo(n,t)},hc=(e,t,n)=>{e.lineTo(t,n)},gc=(e,t,n)=>{e.lineTo(n,t)},_c=fc(0),vc=fc(1),yc=(e,t,n,r,i,a)=>{e.arc(t,n,r,i,a)},bc=(e,t,n,r,i,a)=>{e.arc(n,t,r,i,a)},xc=(e,t,n,r,i,a,o)=>{e.bezierCurveTo(t,n,r,i,a,o)},Sc=(e,t,n,r,i,a,o)=>{e.bezierCurveTo(n,t,i,r,o,a)};function Cc(e){return(e,t,n,r,i)=>ic(e,t,(t,a,o,s,c,l,u,d,f,p,m)=>{let{pxRound:h,points:g}=t,_,v;s.ori==0?(_=pc,v=yc):(_=mc,v=bc);let y=Y(g.width*W,3),b=(g.size-g.width)/2*W,x=Y(b*2,3),S=new Path2D,C=new Path2D,{left:w,top:T,width:E,height:D}=e.bbox;_c(C,w-x,T-x,E+x*2,D+x*2);let O=e=>{if(o[e]!=null){let t=h(l(a[e],s,p,d)),n=h(u(o[e],c,m,f));_(S,t+b,n),v(S,t,n,b,0,Ca*2)}};if(i)i.forEach(O);else for(let e=n;e<=r;e++)O(e);return{stroke:y>0?S:null,fill:S,clip:C,flags:3}})}function wc(e){return(t,n,r,i,a,o)=>{r!=i&&(a!=r&&o!=r&&e(t,n,r),a!=i&&o!=i&&e(t,n,i),e(t,n,o))}}var Tc=wc(hc),Ec=wc(gc);function Dc(e){let t=K(e?.alignGaps,0);return(e,n,r,i)=>ic(e,n,(a,o,s,c,l,u,d,f,p,m,h)=>{[r,i]=ca(s,r,i);let g=a.pxRound,_=e=>g(u(e,c,m,f)),v=e=>g(d(e,l,h,p)),y,b;c.ori==0?(y=hc,b=Tc):(y=gc,b=Ec);let x=c.dir*(c.ori==0?1:-1),S={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:nc},C=S.stroke,w=!1;if(i-r>=m*4){let t=t=>e.posToVal(t,c.key,!0),n=null,a=null,l,u,d,f=_(o[x==1?r:i]),p=_(o[r]),m=_(o[i]),h=t(x==1?p+1:m-1);for(let e=x==1?r:i;e>=r&&e<=i;e+=x){let r=o[e],i=(x==1?r<h:r>h)?f:_(r),c=s[e];i==f?c==null?c===null&&(w=!0):(u=c,n==null?(y(C,i,v(u)),l=n=a=u):u<n?n=u:u>a&&(a=u)):(n!=null&&b(C,f,v(n),v(a),v(l),v(u)),c==null?(n=a=null,c===null&&(w=!0)):(u=c,y(C,i,v(u)),n=a=l=u),f=i,h=t(f+x))}n!=null&&n!=a&&d!=f&&b(C,f,v(n),v(a),v(l),v(u))}else for(let e=x==1?r:i;e>=r&&e<=i;e+=x){let t=s[e];t===null?w=!0:t!=null&&y(C,_(o[e]),v(t))}let[T,E]=ac(e,n);if(a.fill!=null||T!=0){let t=S.fill=new Path2D(C),s=v(a.fillTo(e,n,a.min,a.max,T)),c=_(o[r]),l=_(o[i]);x==-1&&([l,c]=[c,l]),y(t,l,s),y(t,c,s)}if(!a.spanGaps){let l=[];w&&l.push(...uc(o,s,r,i,x,_,t)),S.gaps=l=a.gaps(e,n,r,i,l),S.clip=cc(l,c.ori,f,p,m,h)}return E!=0&&(S.band=E==2?[sc(e,n,r,i,C,-1),sc(e,n,r,i,C,1)]:sc(e,n,r,i,C,E)),S})}function Oc(e){let t=K(e.align,1),n=K(e.ascDesc,!1),r=K(e.alignGaps,0),i=K(e.extend,!1);return(e,a,o,s)=>ic(e,a,(c,l,u,d,f,p,m,h,g,_,v)=>{[o,s]=ca(u,o,s);let y=c.pxRound,{left:b,width:x}=e.bbox,S=e=>y(p(e,d,_,h)),C=e=>y(m(e,f,v,g)),w=d.ori==0?hc:gc,T={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:nc},E=T.stroke,D=d.dir*(d.ori==0?1:-1),O=C(u[D==1?o:s]),ee=S(l[D==1?o:s]),te=ee,k=ee;i&&t==-1&&(k=b,w(E,k,O)),w(E,ee,O);for(let e=D==1?o:s;e>=o&&e<=s;e+=D){let n=u[e];if(n==null)continue;let r=S(l[e]),i=C(n);t==1?w(E,r,O):w(E,te,i),w(E,r,i),O=i,te=r}let ne=te;i&&t==1&&(ne=b+x,w(E,ne,O));let[re,ie]=ac(e,a);if(c.fill!=null||re!=0){let t=T.fill=new Path2D(E),n=C(c.fillTo(e,a,c.min,c.max,re));w(t,ne,n),w(t,k,n)}if(!c.spanGaps){let i=[];i.push(...uc(l,u,o,s,D,S,r));let f=c.width*W/2,p=n||t==1?f:-f,m=n||t==-1?-f:f;i.forEach(e=>{e[0]+=p,e[1]+=m}),T.gaps=i=c.gaps(e,a,o,s,i),T.clip=cc(i,d.ori,h,g,_,v)}return ie!=0&&(T.band=ie==2?[sc(e,a,o,s,E,-1),sc(e,a,o,s,E,1)]:sc(e,a,o,s,E,ie)),T})}function kc(e,t,n,r,i,a,o=q){if(e.length>1){let s=null;for(let c=0,l=1/0;c<e.length;c++)if(t[c]!==void 0){if(s!=null){let t=wa(e[c]-e[s]);t<l&&(l=t,o=wa(n(e[c],r,i,a)-n(e[s],r,i,a)))}s=c}}return o}function Ac(e){e||=$a;let t=K(e.size,[.6,q,1]),n=e.align||0,r=e.gap||0,i=e.radius;i=i==null?[0,0]:typeof i==`number`?[i,0]:i;let a=J(i),o=1-t[0],s=K(t[1],q),c=K(t[2],1),l=K(e.disp,$a),u=K(e.each,e=>{}),{fill:d,stroke:f}=l;return(e,t,i,p)=>ic(e,t,(m,h,g,_,v,y,b,x,S,C,w)=>{let T=m.pxRound,E=n,D=r*W,O=s*W,ee=c*W,te,k;_.ori==0?[te,k]=a(e,t):[k,te]=a(e,t);let ne=_.dir*(_.ori==0?1:-1),re=_.ori==0?_c:vc,ie=_.ori==0?u:(e,t,n,r,i,a,o)=>{u(e,t,n,i,r,o,a)},ae=K(e.bands,eo).find(e=>e.series[0]==t),oe=ae==null?0:ae.dir,se=m.fillTo(e,t,m.min,m.max,oe),A=T(b(se,v,w,S)),j,M,ce,N=C,P=T(m.width*W),le=!1,ue=null,de=null,fe=null,pe=null;d!=null&&(P==0||f!=null)&&(le=!0,ue=d.values(e,t,i,p),de=new Map,new Set(ue).forEach(e=>{e!=null&&de.set(e,new Path2D)}),P>0&&(fe=f.values(e,t,i,p),pe=new Map,new Set(fe).forEach(e=>{e!=null&&pe.set(e,new Path2D)})));let{x0:me,size:he}=l;if(me!=null&&he!=null){E=1,h=me.values(e,t,i,p),me.unit==2&&(h=h.map(t=>e.posToVal(x+t*C,_.key,!0)));let n=he.values(e,t,i,p);M=he.unit==2?n[0]*C:y(n[0],_,C,x)-y(0,_,C,x),N=kc(h,g,y,_,C,x,N),ce=N-M+D}else N=kc(h,g,y,_,C,x,N),ce=N*o+D,M=N-ce;ce<1&&(ce=0),P>=M/2&&(P=0),ce<5&&(T=Ba);let ge=ce>0,_e=N-ce-(ge?P:0);M=T(La(_e,ee,O)),j=(E==0?M/2:E==ne?0:M)-E*ne*((E==0?D/2:0)+(ge?P/2:0));let ve={stroke:null,fill:null,clip:null,band:null,gaps:null,flags:0},ye=le?null:new Path2D,be=null;if(ae!=null)be=e.data[ae.series[1]];else{let{y0:n,y1:r}=l;n!=null&&r!=null&&(g=r.values(e,t,i,p),be=n.values(e,t,i,p))}let xe=te*M,Se=k*M;for(let n=ne==1?i:p;n>=i&&n<=p;n+=ne){let r=g[n];if(r==null)continue;if(be!=null){let e=be[n]??0;if(r-e==0)continue;A=b(e,v,w,S)}let i=y(_.distr!=2||l!=null?h[n]:n,_,C,x),a=b(K(r,se),v,w,S),o=T(i-j),s=T(ka(a,A)),c=T(Oa(a,A)),u=s-c;if(r!=null){let i=r<0?Se:xe,a=r<0?xe:Se;le?(P>0&&fe[n]!=null&&re(pe.get(fe[n]),o,c+Ta(P/2),M,ka(0,u-P),i,a),ue[n]!=null&&re(de.get(ue[n]),o,c+Ta(P/2),M,ka(0,u-P),i,a)):re(ye,o,c+Ta(P/2),M,ka(0,u-P),i,a),ie(e,t,n,o-P/2,c,M+P,u)}}return P>0?ve.stroke=le?pe:ye:le||(ve._fill=m.width==0?m._fill:m._stroke??m._fill,ve.width=0),ve.fill=le?de:ye,ve})}function jc(e,t){let n=K(t?.alignGaps,0);return(t,r,i,a)=>ic(t,r,(o,s,c,l,u,d,f,p,m,h,g)=>{[i,a]=ca(c,i,a);let _=o.pxRound,v=e=>_(d(e,l,h,p)),y=e=>_(f(e,u,g,m)),b,x,S;l.ori==0?(b=pc,S=hc,x=xc):(b=mc,S=gc,x=Sc);let C=l.dir*(l.ori==0?1:-1),w=v(s[C==1?i:a]),T=w,E=[],D=[];for(let e=C==1?i:a;e>=i&&e<=a;e+=C)if(c[e]!=null){let t=s[e],n=v(t);E.push(T=n),D.push(y(c[e]))}let O={stroke:e(E,D,b,S,x,_),fill:null,clip:null,band:null,gaps:null,flags:nc},ee=O.stroke,[te,k]=ac(t,r);if(o.fill!=null||te!=0){let e=O.fill=new Path2D(ee),n=y(o.fillTo(t,r,o.min,o.max,te));S(e,T,n),S(e,w,n)}if(!o.spanGaps){let e=[];e.push(...uc(s,c,i,a,C,v,n)),O.gaps=e=o.gaps(t,r,i,a,e),O.clip=cc(e,l.ori,p,m,h,g)}return k!=0&&(O.band=k==2?[sc(t,r,i,a,ee,-1),sc(t,r,i,a,ee,1)]:sc(t,r,i,a,ee,k)),O})}function Mc(e){return jc(Nc,e)}function Nc(e,t,n,r,i,a){let o=e.length;if(o<2)return null;let s=new Path2D;if(n(s,e[0],t[0]),o==2)r(s,e[1],t[1]);else{let n=Array(o),r=Array(o-1),a=Array(o-1),c=Array(o-1);for(let n=0;n<o-1;n++)a[n]=t[n+1]-t[n],c[n]=e[n+1]-e[n],r[n]=a[n]/c[n];n[0]=r[0];for(let e=1;e<o-1;e++)r[e]===0||r[e-1]===0||r[e-1]>0!=r[e]>0?n[e]=0:(n[e]=3*(c[e-1]+c[e])/((2*c[e]+c[e-1])/r[e-1]+(c[e]+2*c[e-1])/r[e]),isFinite(n[e])||(n[e]=0));n[o-1]=r[o-2];for(let r=0;r<o-1;r++)i(s,e[r]+c[r]/3,t[r]+n[r]*c[r]/3,e[r+1]-c[r]/3,t[r+1]-n[r+1]*c[r]/3,e[r+1],t[r+1])}return s}var Pc=new Set;function Fc(){for(let e of Pc)e.syncRect(!0)}Ri&&(na(Ni,Bi,Fc),na(Pi,Bi,Fc,!0),na(Ii,Bi,()=>{Zc.pxRatio=W}));var Ic=Dc(),Lc=Cc();function Rc(e,t,n,r){return(r?[e[0],e[1]].concat(e.slice(2)):[e[0]].concat(e.slice(1))).map((e,r)=>Bc(e,r,t,n))}function zc(e,t){return e.map((e,n)=>n==0?{}:fo({},t,e))}function Bc(e,t,n,r){return fo({},t==0?n:r,e)}function Vc(e,t,n){return t==null?to:[t,n]}var Hc=Vc;function Uc(e,t,n){return t==null?to:_a(t,n,pa,!0)}function Wc(e,t,n,r){return t==null?to:da(t,n,e.scales[r].log,!1)}var Gc=Wc;function Kc(e,t,n,r){return t==null?to:fa(t,n,e.scales[r].log,!1)}var qc=Kc;function Jc(e,t,n,r,i){let a=ka(Ia(e),Ia(t)),o=t-e,s=ia(i/r*o,n);do{let e=n[s],t=r*e/o;if(t>=i&&a+(e<5?Xa.get(e):0)<=17)return[e,t]}while(++s<n.length);return[0,0]}function Yc(e){let t,n;return e=e.replace(/(\d+)px/,(e,r)=>(t=Ea((n=+r)*W))+`px`),[e,t,n]}function Xc(e){e.show&&[e.font,e.labelFont].forEach(e=>{let t=Y(e[2]*W,1);e[0]=e[0].replace(/[0-9.]+px/,t+`px`),e[1]=t})}function Zc(e,t,n){let r={mode:K(e.mode,1)},i=r.mode;function a(e,t,n,r){let i=t.valToPct(e);return r+n*(t.dir==-1?1-i:i)}function o(e,t,n,r){let i=t.valToPct(e);return r+n*(t.dir==-1?i:1-i)}function s(e,t,n,r){return t.ori==0?a(e,t,n,r):o(e,t,n,r)}r.valToPosH=a,r.valToPosV=o;let c=!1;r.status=0;let l=r.root=qi($r);if(e.id!=null&&(l.id=e.id),Wi(l,e.class),e.title){let t=qi(ni,l);t.textContent=e.title}let u=Ki(`canvas`),d=r.ctx=u.getContext(`2d`),f=qi(ri,l);na(`click`,f,e=>{e.target===m&&(R!=sn||z!=cn)&&fn.click(r,e)},!0);let p=r.under=qi(ii,f);f.appendChild(u);let m=r.over=qi(ai,f);e=uo(e);let h=+K(e.pxAlign,1),g=dc(h);(e.plugins||[]).forEach(t=>{t.opts&&(e=t.opts(r,e)||e)});let _=e.ms||.001,v=r.series=i==1?Rc(e.series||[],js,Xs,!1):zc(e.series||[null],Ys),y=r.axes=Rc(e.axes||[],Os,Ws,!0),b=r.scales={},x=r.bands=e.bands||[];x.forEach(e=>{e.fill=J(e.fill||null),e.dir=K(e.dir,-1)});let S=i==2?v[1].facets[0].scale:v[0].scale,C={axes:Wt,series:Pt},w=(e.drawOrder||[`axes`,`series`]).map(e=>C[e]);function T(e){let t=e.distr==3?t=>Ma(t>0?t:e.clamp(r,t,e.min,e.max,e.key)):e.distr==4?t=>Fa(t,e.asinh):e.distr==100?t=>e.fwd(t):e=>e;return n=>{let r=t(n),{_min:i,_max:a}=e,o=a-i;return(r-i)/o}}function E(t){let n=b[t];if(n==null){let r=(e.scales||$a)[t]||$a;if(r.from!=null){E(r.from);let e=fo({},b[r.from],r,{key:t});e.valToPct=T(e),b[t]=e}else{n=b[t]=fo({},t==S?Qs:$s,r),n.key=t;let e=n.time,a=n.range,o=no(a);if((t!=S||i==2&&!e)&&(o&&(a[0]==null||a[1]==null)&&(a={min:a[0]==null?ma:{mode:1,hard:a[0],soft:a[0]},max:a[1]==null?ma:{mode:1,hard:a[1],soft:a[1]}},o=!1),!o&&oo(a))){let e=a;a=(t,n,r)=>n==null?to:_a(n,r,e)}n.range=J(a||(e?Hc:t==S?n.distr==3?Gc:n.distr==4?qc:Vc:n.distr==3?Wc:n.distr==4?Kc:Uc)),n.auto=J(!o&&n.auto),n.clamp=J(n.clamp||Zs),n._min=n._max=null,n.valToPct=T(n)}}}E(`x`),E(`y`),i==1&&v.forEach(e=>{E(e.scale)}),y.forEach(e=>{E(e.scale)});for(let t in e.scales)E(t);let D=b[S],O=D.distr,ee,te;D.ori==0?(Wi(l,ei),ee=a,te=o):(Wi(l,ti),ee=o,te=a);let k={};for(let e in b){let t=b[e];(t.min!=null||t.max!=null)&&(k[e]={min:t.min,max:t.max},t.min=t.max=null)}let ne=e.tzDate||(e=>new Date(Ea(e/_))),re=e.fmtDate||Ao,ie=_==1?Qo(ne):ts(ne),ae=rs(ne,ns(_==1?Zo:es,re)),oe=cs(ne,os(ss,re)),se=[],A=r.legend=fo({},ds,e.legend),j=r.cursor=fo({},bs,{drag:{y:i==2}},e.cursor),M=A.show,ce=j.show,N=A.markers;A.idxs=se,N.width=J(N.width),N.dash=J(N.dash),N.stroke=J(N.stroke),N.fill=J(N.fill);let P,le,ue,de=[],fe=[],pe,me=!1,he={};if(A.live){let e=v[1]?v[1].values:null;me=e!=null,pe=me?e(r,1,0):{_:0};for(let e in pe)he[e]=Li}if(M){if(P=Ki(`table`,fi,l),ue=Ki(`tbody`,null,P),A.mount(r,P),me){le=Ki(`thead`,null,P,ue);let e=Ki(`tr`,null,le);for(var ge in Ki(`th`,null,e),pe)Ki(`th`,_i,e).textContent=ge}else Wi(P,mi),A.live&&Wi(P,pi)}let _e={show:!0},ve={show:!1};function ye(e,t){if(t==0&&(me||!A.live||i==2))return to;let n=[],a=Ki(`tr`,hi,ue,ue.childNodes[t]);Wi(a,e.class),e.show||Wi(a,si);let o=Ki(`th`,null,a);if(N.show){let e=qi(gi,o);if(t>0){let n=N.width(r,t);n&&(e.style.border=n+`px `+N.dash(r,t)+` `+N.stroke(r,t)),e.style.background=N.fill(r,t)}}let s=qi(_i,o);for(var c in e.label instanceof HTMLElement?s.appendChild(e.label):s.textContent=e.label,t>0&&(N.show||(s.style.color=e.width>0?N.stroke(r,t):N.fill(r,t)),xe(`click`,o,t=>{if(j._lock)return;qe(t);let n=v.indexOf(e);if((t.ctrlKey||t.metaKey)!=A.isolate){let e=v.some((e,t)=>t>0&&t!=n&&e.show);v.forEach((t,r)=>{r>0&&vn(r,e?r==n?_e:ve:_e,!0,U.setSeries)})}else vn(n,{show:!e.show},!0,U.setSeries)},!1),Xe&&xe(Ai,o,t=>{j._lock||(qe(t),vn(v.indexOf(e),En,!0,U.setSeries))},!1)),pe){let e=Ki(`td`,vi,a);e.textContent=`--`,n.push(e)}return[a,n]}let be=new Map;function xe(e,t,n,i=!0){let a=be.get(t)||{},o=j.bind[e](r,t,n,i);o&&(na(e,t,a[e]=o),be.set(t,a))}function Se(e,t,n){let r=be.get(t)||{};for(let n in r)(e==null||n==e)&&(ra(n,t,r[n]),delete r[n]);e??be.delete(t)}let Ce=0,we=0,F=0,I=0,Te=0,Ee=0,De=Te,Oe=Ee,ke=F,Ae=I,je=0,Me=0,Ne=0,Pe=0;r.bbox={};let Fe=!1,Ie=!1,Le=!1,Re=!1,ze=!1,Be=!1;function Ve(e,t,n){(n||e!=r.width||t!=r.height)&&He(e,t),Gt(!1),Le=!0,Ie=!0,Xt()}function He(e,t){r.width=Ce=F=e,r.height=we=I=t,Te=Ee=0,Ge(),Ke();let n=r.bbox;je=n.left=qa(Te*W,.5),Me=n.top=qa(Ee*W,.5),Ne=n.width=qa(F*W,.5),Pe=n.height=qa(I*W,.5)}function Ue(){let e=!1,t=0;for(;!e;){t++;let n=Ht(t),i=Ut(t);e=t==3||n&&i,e||(He(r.width,r.height),Ie=!0)}}function We({width:e,height:t}){Ve(e,t)}r.setSize=We;function Ge(){let e=!1,t=!1,n=!1,r=!1;y.forEach((i,a)=>{if(i.show&&i._show){let{side:a,_size:o}=i,s=a%2,c=o+(i.label==null?0:i.labelSize);c>0&&(s?(F-=c,a==3?(Te+=c,r=!0):n=!0):(I-=c,a==0?(Ee+=c,e=!0):t=!0))}}),at[0]=e,at[1]=n,at[2]=t,at[3]=r,F-=lt[1]+lt[3],Te+=lt[3],I-=lt[2]+lt[0],Ee+=lt[0]}function Ke(){let e=Te+F,t=Ee+I,n=Te,r=Ee;function i(i,a){switch(i){case 1:return e+=a,e-a;case 2:return t+=a,t-a;case 3:return n-=a,n+a;case 0:return r-=a,r+a}}y.forEach((e,t)=>{if(e.show&&e._show){let t=e.side;e._pos=i(t,e._size),e.label!=null&&(e._lpos=i(t,e.labelSize))}})}if(j.dataIdx==null){let e=j.hover,n=e.skip=new Set(e.skip??[]);n.add(void 0);let r=e.prox=J(e.prox),i=e.bias??=0;j.dataIdx=(e,a,o,s)=>{if(a==0)return o;let c=o,l=r(e,a,o,s)??q,u=l>=0&&l<q,d=D.ori==0?F:I,f=j.left,p=t[0],m=t[a];if(n.has(m[o])){c=null;let e=null,t=null,r;if(i==0||i==-1)for(r=o;e==null&&r-->0;)n.has(m[r])||(e=r);if(i==0||i==1)for(r=o;t==null&&r++<m.length;)n.has(m[r])||(t=r);if(e!=null||t!=null){if(u){let n=e==null?-1/0:ee(p[e],D,d,0),r=t==null?1/0:ee(p[t],D,d,0),i=f-n,a=r-f;i<=a?i<=l&&(c=e):a<=l&&(c=t)}else c=t==null?e:e==null?t:o-e<=t-o?e:t}}else u&&wa(f-ee(p[o],D,d,0))>l&&(c=null);return c}}let qe=e=>{j.event=e};j.idxs=se,j._lock=!1;let Je=j.points;Je.show=J(Je.show),Je.size=J(Je.size),Je.stroke=J(Je.stroke),Je.width=J(Je.width),Je.fill=J(Je.fill);let Ye=r.focus=fo({},e.focus||{alpha:.3},j.focus),Xe=Ye.prox>=0,Ze=Xe&&Je.one,Qe=[],$e=[],et=[];function tt(e,t){let n=Je.show(r,t);if(n instanceof HTMLElement)return Wi(n,di),Wi(n,e.class),Yi(n,-10,-10,F,I),m.insertBefore(n,Qe[t]),n}function nt(e,t){if(i==1||t>0){let t=i==1&&b[e.scale].time,n=e.value;e.value=t?ao(n)?cs(ne,os(n,re)):n||oe:n||Us,e.label=e.label||(t?As:ks)}if(Ze||t>0){e.width=e.width==null?1:e.width,e.paths=e.paths||Ic||Ha,e.fillTo=J(e.fillTo||oc),e.pxAlign=+K(e.pxAlign,h),e.pxRound=dc(e.pxAlign),e.stroke=J(e.stroke||null),e.fill=J(e.fill||null),e._stroke=e._fill=e._paths=e._focus=null;let t=Gs(ka(1,e.width),1),n=e.points=fo({},{size:t,width:ka(1,t*.2),stroke:e.stroke,space:t*2,paths:Lc,_stroke:null,_fill:null},e.points);n.show=J(n.show),n.filter=J(n.filter),n.fill=J(n.fill),n.stroke=J(n.stroke),n.paths=J(n.paths),n.pxAlign=e.pxAlign}if(M){let n=ye(e,t);de.splice(t,0,n[0]),fe.splice(t,0,n[1]),A.values.push(null)}if(ce){se.splice(t,0,null);let n=null;Ze?t==0&&(n=tt(e,t)):t>0&&(n=tt(e,t)),Qe.splice(t,0,n),$e.splice(t,0,0),et.splice(t,0,0)}er(`addSeries`,t)}function rt(e,t){t??=v.length,e=i==1?Bc(e,t,js,Xs):Bc(e,t,{},Ys),v.splice(t,0,e),nt(v[t],t)}r.addSeries=rt;function it(e){if(v.splice(e,1),M){A.values.splice(e,1),fe.splice(e,1);let t=de.splice(e,1)[0];Se(null,t.firstChild),t.remove()}ce&&(se.splice(e,1),Qe.splice(e,1)[0].remove(),$e.splice(e,1),et.splice(e,1)),er(`delSeries`,e)}r.delSeries=it;let at=[!1,!1,!1,!1];function ot(e,t){if(e._show=e.show,e.show){let n=e.side%2,i=b[e.scale];i??=(e.scale=n?v[1].scale:S,b[e.scale]);let a=i.time;e.size=J(e.size),e.space=J(e.space),e.rotate=J(e.rotate),no(e.incrs)&&e.incrs.forEach(e=>{!Xa.has(e)&&Xa.set(e,Za(e))}),e.incrs=J(e.incrs||(i.distr==2?Lo:a?_==1?Xo:$o:Ro)),e.splits=J(e.splits||(a&&i.distr==1?ie:i.distr==3?Ps:i.distr==4?Fs:Ns)),e.stroke=J(e.stroke),e.grid.stroke=J(e.grid.stroke),e.ticks.stroke=J(e.ticks.stroke),e.border.stroke=J(e.border.stroke);let o=e.values;e.values=no(o)&&!no(o[0])?J(o):a?no(o)?rs(ne,ns(o,re)):ao(o)?is(ne,o):o||ae:o||Ms,e.filter=J(e.filter||(i.distr>=3&&i.log==10?Vs:i.distr==3&&i.log==2?Hs:Va)),e.font=Yc(e.font),e.labelFont=Yc(e.labelFont),e._size=e.size(r,null,t,0),e._space=e._rotate=e._incrs=e._found=e._splits=e._values=null,e._size>0&&(at[t]=!0,e._el=qi(oi,f))}}function st(e,t,n,r){let[i,a,o,s]=n,c=t%2,l=0;return c==0&&(s||a)&&(l=t==0&&!i||t==2&&!o?Ea(Os.size/3):0),c==1&&(i||o)&&(l=t==1&&!a||t==3&&!s?Ea(Ws.size/2):0),l}let ct=r.padding=(e.padding||[st,st,st,st]).map(e=>J(K(e,st))),lt=r._padding=ct.map((e,t)=>e(r,t,at,0)),ut,dt=null,ft=null,pt=i==1?v[0].idxs:null,mt=null,ht=!1;function gt(e,n){if(t=e??[],r.data=r._data=t,i==2){ut=0;for(let e=1;e<v.length;e++)ut+=t[e][0].length}else{t.length==0&&(r.data=r._data=t=[[]]),mt=t[0],ut=mt.length;let e=t;if(O==2){e=t.slice();let n=e[0]=Array(ut);for(let e=0;e<ut;e++)n[e]=e}r._data=t=e}if(Gt(!0),er(`setData`),O==2&&(Le=!0),n!==!1){let e=D;e.auto(r,ht)?_t():_n(S,e.min,e.max),Re||=j.left>=0,Be=!0,Xt()}}r.setData=gt;function _t(){ht=!0;let e,n;i==1&&(ut>0?(dt=pt[0]=0,ft=pt[1]=ut-1,e=t[0][dt],n=t[0][ft],O==2?(e=dt,n=ft):e==n&&(O==3?[e,n]=da(e,e,D.log,!1):O==4?[e,n]=fa(e,e,D.log,!1):D.time?n=e+Ea(86400/_):[e,n]=_a(e,n,pa,!0))):(dt=pt[0]=e=null,ft=pt[1]=n=null)),_n(S,e,n)}let vt,yt,bt,xt,St,Ct,wt,Tt,Et,Dt;function Ot(e,t,n,r,i,a){e??=Ei,n??=eo,r??=`butt`,i??=Ei,a??=`round`,e!=vt&&(d.strokeStyle=vt=e),i!=yt&&(d.fillStyle=yt=i),t!=bt&&(d.lineWidth=bt=t),a!=St&&(d.lineJoin=St=a),r!=Ct&&(d.lineCap=Ct=r),n!=xt&&d.setLineDash(xt=n)}function kt(e,t,n,r){t!=yt&&(d.fillStyle=yt=t),e!=wt&&(d.font=wt=e),n!=Tt&&(d.textAlign=Tt=n),r!=Et&&(d.textBaseline=Et=r)}function At(e,t,n,i,a=0){if(i.length>0&&e.auto(r,ht)&&(t==null||t.min==null)){let t=K(dt,0),r=K(ft,i.length-1),o=n.min==null?ua(i,t,r,a,e.distr==3):[n.min,n.max];e.min=Oa(e.min,n.min=o[0]),e.max=ka(e.max,n.max=o[1])}}let jt={min:null,max:null};function Mt(){for(let e in b){let t=b[e];k[e]==null&&(t.min==null||k[S]!=null&&t.auto(r,ht))&&(k[e]=jt)}for(let e in b){let t=b[e];k[e]==null&&t.from!=null&&k[t.from]!=null&&(k[e]=jt)}k[S]!=null&&Gt(!0);let e={};for(let t in k){let n=k[t];if(n!=null){let a=e[t]=uo(b[t],so);if(n.min!=null)fo(a,n);else if(t!=S||i==2){if(ut==0&&a.from==null){let e=a.range(r,null,null,t);a.min=e[0],a.max=e[1]}else a.min=q,a.max=-1/0}}}if(ut>0){v.forEach((n,a)=>{if(i==1){let i=n.scale,o=k[i];if(o==null)return;let s=e[i];if(a==0){let e=s.range(r,s.min,s.max,i);s.min=e[0],s.max=e[1],dt=ia(s.min,t[0]),ft=ia(s.max,t[0]),ft-dt>1&&(t[0][dt]<s.min&&dt++,t[0][ft]>s.max&&ft--),n.min=mt[dt],n.max=mt[ft]}else n.show&&n.auto&&At(s,o,n,t[a],n.sorted);n.idxs[0]=dt,n.idxs[1]=ft}else if(a>0&&n.show&&n.auto){let[r,i]=n.facets,o=r.scale,s=i.scale,[c,l]=t[a],u=e[o],d=e[s];u!=null&&At(u,k[o],r,c,r.sorted),d!=null&&At(d,k[s],i,l,i.sorted),n.min=i.min,n.max=i.max}});for(let t in e){let n=e[t],i=k[t];if(n.from==null&&(i==null||i.min==null)){let e=n.range(r,n.min==q?null:n.min,n.max==-1/0?null:n.max,t);n.min=e[0],n.max=e[1]}}}for(let t in e){let n=e[t];if(n.from!=null){let i=e[n.from];if(i.min==null)n.min=n.max=null;else{let e=n.range(r,i.min,i.max,t);n.min=e[0],n.max=e[1]}}}let n={},a=!1;for(let t in e){let r=e[t],i=b[t];if(i.min!=r.min||i.max!=r.max){i.min=r.min,i.max=r.max;let e=i.distr;i._min=e==3?Ma(i.min):e==4?Fa(i.min,i.asinh):e==100?i.fwd(i.min):i.min,i._max=e==3?Ma(i.max):e==4?Fa(i.max,i.asinh):e==100?i.fwd(i.max):i.max,n[t]=a=!0}}if(a){v.forEach((e,t)=>{i==2?t>0&&n.y&&(e._paths=null):n[e.scale]&&(e._paths=null)});for(let e in n)Le=!0,er(`setScale`,e);ce&&j.left>=0&&(Re=Be=!0)}for(let e in k)k[e]=null}function Nt(e){let t=La(dt-1,0,ut-1),n=La(ft+1,0,ut-1);for(;e[t]==null&&t>0;)t--;for(;e[n]==null&&n<ut-1;)n++;return[t,n]}function Pt(){if(ut>0){let e=v.some(e=>e._focus)&&Dt!=Ye.alpha;e&&(d.globalAlpha=Dt=Ye.alpha),v.forEach((e,n)=>{if(n>0&&e.show&&(Ft(n,!1),Ft(n,!0),e._paths==null)){let a=Dt;Dt!=e.alpha&&(d.globalAlpha=Dt=e.alpha);let o=i==2?[0,t[n][0].length-1]:Nt(t[n]);e._paths=e.paths(r,n,o[0],o[1]),Dt!=a&&(d.globalAlpha=Dt=a)}}),v.forEach((e,t)=>{if(t>0&&e.show){let n=Dt;Dt!=e.alpha&&(d.globalAlpha=Dt=e.alpha),e._paths!=null&&L(t,!1);{let n=e._paths==null?null:e._paths.gaps,i=e.points.show(r,t,dt,ft,n),a=e.points.filter(r,t,i,n);(i||a)&&(e.points._paths=e.points.paths(r,t,dt,ft,a),L(t,!0))}Dt!=n&&(d.globalAlpha=Dt=n),er(`drawSeries`,t)}}),e&&(d.globalAlpha=Dt=1)}}function Ft(e,t){let n=t?v[e].points:v[e];n._stroke=n.stroke(r,e),n._fill=n.fill(r,e)}function L(e,t){let n=t?v[e].points:v[e],{stroke:r,fill:i,clip:a,flags:o,_stroke:s=n._stroke,_fill:c=n._fill,_width:l=n.width}=n._paths;l=Y(l*W,3);let u=null,f=l%2/2;t&&c==null&&(c=l>0?`#fff`:s);let p=n.pxAlign==1&&f>0;if(p&&d.translate(f,f),!t){let e=je-l/2,t=Me-l/2,n=Ne+l,r=Pe+l;u=new Path2D,u.rect(e,t,n,r)}t?Lt(s,l,n.dash,n.cap,c,r,i,o,a):It(e,s,l,n.dash,n.cap,c,r,i,o,u,a),p&&d.translate(-f,-f)}function It(e,n,i,a,o,s,c,l,u,d,f){let p=!1;u!=0&&x.forEach((m,h)=>{if(m.series[0]==e){let e=v[m.series[1]],g=t[m.series[1]],_=(e._paths||$a).band;no(_)&&(_=m.dir==1?_[0]:_[1]);let y,b=null;e.show&&_&&va(g,dt,ft)?(b=m.fill(r,h)||s,y=e._paths.clip):_=null,Lt(n,i,a,o,b,c,l,u,d,f,y,_),p=!0}}),p||Lt(n,i,a,o,s,c,l,u,d,f)}function Lt(e,t,n,r,i,a,o,s,c,l,u,f){Ot(e,t,n,r,i),(c||l||f)&&(d.save(),c&&d.clip(c),l&&d.clip(l)),f?(s&3)==3?(d.clip(f),u&&d.clip(u),zt(i,o),Rt(e,a,t)):s&rc?(zt(i,o),d.clip(f),Rt(e,a,t)):s&nc&&(d.save(),d.clip(f),u&&d.clip(u),zt(i,o),d.restore(),Rt(e,a,t)):(zt(i,o),Rt(e,a,t)),(c||l||f)&&d.restore()}function Rt(e,t,n){n>0&&(t instanceof Map?t.forEach((e,t)=>{d.strokeStyle=vt=t,d.stroke(e)}):t!=null&&e&&d.stroke(t))}function zt(e,t){t instanceof Map?t.forEach((e,t)=>{d.fillStyle=yt=t,d.fill(e)}):t!=null&&e&&d.fill(t)}function Bt(e,t,n,i){let a=y[e],o;if(i<=0)o=[0,0];else{let s=a._space=a.space(r,e,t,n,i);o=Jc(t,n,a._incrs=a.incrs(r,e,t,n,i,s),i,s)}return a._found=o}function Vt(e,t,n,r,i,a,o,s,c,l){let u=o%2/2;h==1&&d.translate(u,u),Ot(s,o,c,l,s),d.beginPath();let f,p,m,g,_=i+(r==0||r==3?-a:a);n==0?(p=i,g=_):(f=i,m=_);for(let r=0;r<e.length;r++)t[r]!=null&&(n==0?f=m=e[r]:p=g=e[r],d.moveTo(f,p),d.lineTo(m,g));d.stroke(),h==1&&d.translate(-u,-u)}function Ht(e){let t=!0;return y.forEach((n,i)=>{if(!n.show)return;let a=b[n.scale];if(a.min==null){n._show&&(t=!1,n._show=!1,Gt(!1));return}n._show||(t=!1,n._show=!0,Gt(!1));let o=n.side,s=o%2,{min:c,max:l}=a,[u,d]=Bt(i,c,l,s==0?F:I);if(d==0)return;let f=a.distr==2,p=n._splits=n.splits(r,i,c,l,u,d,f),m=a.distr==2?p.map(e=>mt[e]):p,h=a.distr==2?mt[p[1]]-mt[p[0]]:u,g=n._values=n.values(r,n.filter(r,m,i,d,h),i,d,h);n._rotate=o==2?n.rotate(r,g,i,d):0;let _=n._size;n._size=Da(n.size(r,g,i,e)),_!=null&&n._size!=_&&(t=!1)}),t}function Ut(e){let t=!0;return ct.forEach((n,i)=>{let a=n(r,i,at,e);a!=lt[i]&&(t=!1),lt[i]=a}),t}function Wt(){for(let e=0;e<y.length;e++){let t=y[e];if(!t.show||!t._show)continue;let n=t.side,i=n%2,a,o,c=t.stroke(r,e),l=n==0||n==3?-1:1,[u,f]=t._found;if(t.label!=null){let s=t.labelGap*l,p=Ea((t._lpos+s)*W);kt(t.labelFont[0],c,`center`,n==2?xi:Si),d.save(),i==1?(a=o=0,d.translate(p,Ea(Me+Pe/2)),d.rotate((n==3?-Ca:Ca)/2)):(a=Ea(je+Ne/2),o=p);let m=Ra(t.label)?t.label(r,e,u,f):t.label;d.fillText(m,a,o),d.restore()}if(f==0)continue;let p=b[t.scale],m=i==0?Ne:Pe,h=i==0?je:Me,_=t._splits,v=p.distr==2?_.map(e=>mt[e]):_,x=p.distr==2?mt[_[1]]-mt[_[0]]:u,S=t.ticks,C=t.border,w=S.show?S.size:0,T=Ea(w*W),E=Ea((t.alignTo==2?t._size-w-t.gap:t.gap)*W),D=t._rotate*-Ca/180,O=g(t._pos*W),ee=O+(T+E)*l;o=i==0?ee:0,a=i==1?ee:0;let te=t.font[0];kt(te,c,t.align==1?Ci:t.align==2?wi:D>0?Ci:D<0?wi:i==0?`center`:n==3?wi:Ci,D||i==1?`middle`:n==2?xi:Si);let k=t.font[1]*t.lineGap,ne=_.map(e=>g(s(e,p,m,h))),re=t._values;for(let e=0;e<re.length;e++){let t=re[e];if(t!=null){i==0?a=ne[e]:o=ne[e],t=``+t;let n=t.indexOf(`
`)==-1?[t]:t.split(/\n/gm);for(let e=0;e<n.length;e++){let t=n[e];D?(d.save(),d.translate(a,o+e*k),d.rotate(D),d.fillText(t,0,0),d.restore()):d.fillText(t,a,o+e*k)}}}S.show&&Vt(ne,S.filter(r,v,e,f,x),i,n,O,T,Y(S.width*W,3),S.stroke(r,e),S.dash,S.cap);let ie=t.grid;ie.show&&Vt(ne,ie.filter(r,v,e,f,x),i,i==0?2:1,i==0?Me:je,i==0?Pe:Ne,Y(ie.width*W,3),ie.stroke(r,e),ie.dash,ie.cap),C.show&&Vt([O],[1],+(i==0),i==0?1:2,i==1?Me:je,i==1?Pe:Ne,Y(C.width*W,3),C.stroke(r,e),C.dash,C.cap)}er(`drawAxes`)}function Gt(e){v.forEach((t,n)=>{n>0&&(t._paths=null,e&&(i==1?(t.min=null,t.max=null):t.facets.forEach(e=>{e.min=null,e.max=null})))})}let Kt=!1,qt=!1,Jt=[];function Yt(){qt=!1;for(let e=0;e<Jt.length;e++)er(...Jt[e]);Jt.length=0}function Xt(){Kt||=(vo(Qt),!0)}function Zt(e,t=!1){Kt=!0,qt=t,e(r),Qt(),t&&Jt.length>0&&queueMicrotask(Yt)}r.batch=Zt;function Qt(){if(Fe&&=(Mt(),!1),Le&&=(Ue(),!1),Ie){if(G(p,Ci,Te),G(p,xi,Ee),G(p,yi,F),G(p,bi,I),G(m,Ci,Te),G(m,xi,Ee),G(m,yi,F),G(m,bi,I),G(f,yi,Ce),G(f,bi,we),u.width=Ea(Ce*W),u.height=Ea(we*W),y.forEach(({_el:e,_show:t,_size:n,_pos:r,side:i})=>{if(e!=null){if(t){let t=i===3||i===0?n:0,a=i%2==1;G(e,a?`left`:`top`,r-t),G(e,a?`width`:`height`,n),G(e,a?`top`:`left`,a?Ee:Te),G(e,a?`height`:`width`,a?I:F),Gi(e,si)}else Wi(e,si)}}),vt=yt=bt=St=Ct=wt=Tt=Et=xt=null,Dt=1,Rn(!0),Te!=De||Ee!=Oe||F!=ke||I!=Ae){Gt(!1);let e=F/ke,t=I/Ae;if(ce&&!Re&&j.left>=0){j.left*=e,j.top*=t,nn&&Yi(nn,Ea(j.left),0,F,I),rn&&Yi(rn,0,Ea(j.top),F,I);for(let n=0;n<Qe.length;n++){let r=Qe[n];r!=null&&($e[n]*=e,et[n]*=t,Yi(r,Da($e[n]),Da(et[n]),F,I))}}if(V.show&&!ze&&V.left>=0&&V.width>0){V.left*=e,V.width*=e,V.top*=t,V.height*=t;for(let e in Vn)G(mn,e,V[e])}De=Te,Oe=Ee,ke=F,Ae=I}er(`setSize`),Ie=!1}Ce>0&&we>0&&(d.clearRect(0,0,u.width,u.height),er(`drawClear`),w.forEach(e=>e()),er(`draw`)),V.show&&ze&&(hn(V),ze=!1),ce&&Re&&(In(null,!0,!1),Re=!1),A.show&&A.live&&Be&&(Pn(),Be=!1),c||(c=!0,r.status=1,er(`ready`)),ht=!1,Kt=!1}r.redraw=(e,t)=>{Le=t||!1,e===!1?Xt():_n(S,D.min,D.max)};function $t(e,n){let i=b[e];if(i.from==null){if(ut==0){let t=i.range(r,n.min,n.max,e);n.min=t[0],n.max=t[1]}if(n.min>n.max){let e=n.min;n.min=n.max,n.max=e}if(ut>1&&n.min!=null&&n.max!=null&&n.max-n.min<1e-16)return;e==S&&i.distr==2&&ut>0&&(n.min=ia(n.min,t[0]),n.max=ia(n.max,t[0]),n.min==n.max&&n.max++),k[e]=n,Fe=!0,Xt()}}r.setScale=$t;let en,tn,nn,rn,an,on,sn,cn,ln,un,R,z,dn=!1,fn=j.drag,B=fn.x,pn=fn.y;ce&&(j.x&&(en=qi(li,m)),j.y&&(tn=qi(ui,m)),D.ori==0?(nn=en,rn=tn):(nn=tn,rn=en),R=j.left,z=j.top);let V=r.select=fo({show:!0,over:!0,left:0,width:0,top:0,height:0},e.select),mn=V.show?qi(ci,V.over?m:p):null;function hn(e,t){if(V.show){for(let t in e)V[t]=e[t],t in Vn&&G(mn,t,e[t]);t!==!1&&er(`setSelect`)}}r.setSelect=hn;function gn(e){if(v[e].show)M&&Gi(de[e],si);else if(M&&Wi(de[e],si),ce){let t=Ze?Qe[0]:Qe[e];t!=null&&Yi(t,-10,-10,F,I)}}function _n(e,t,n){$t(e,{min:t,max:n})}function vn(e,t,n,a){t.focus!=null&&Dn(e),t.show!=null&&v.forEach((n,r)=>{r>0&&(e==r||e==null)&&(n.show=t.show,gn(r),i==2?(_n(n.facets[0].scale,null,null),_n(n.facets[1].scale,null,null)):_n(n.scale,null,null),Xt())}),n!==!1&&er(`setSeries`,e,t),a&&ir(`setSeries`,r,e,t)}r.setSeries=vn;function yn(e,t){fo(x[e],t)}function bn(e,t){e.fill=J(e.fill||null),e.dir=K(e.dir,-1),t??=x.length,x.splice(t,0,e)}function xn(e){e==null?x.length=0:x.splice(e,1)}r.addBand=bn,r.setBand=yn,r.delBand=xn;function Sn(e,t){v[e].alpha=t,ce&&Qe[e]!=null&&(Qe[e].style.opacity=t),M&&de[e]&&(de[e].style.opacity=t)}let Cn,wn,Tn,En={focus:!0};function Dn(e){if(e!=Tn){let t=e==null,n=Ye.alpha!=1;v.forEach((r,a)=>{if(i==1||a>0){let i=t||a==0||a==e;r._focus=t?null:i,n&&Sn(a,i?1:Ye.alpha)}}),Tn=e,n&&Xt()}}M&&Xe&&xe(ji,P,e=>{j._lock||(qe(e),Tn!=null&&vn(null,En,!0,U.setSeries))});function On(e,t,n){let r=b[t];n&&(e=e/W-(r.ori==1?Ee:Te));let i=F;r.ori==1&&(i=I,e=i-e),r.dir==-1&&(e=i-e);let a=r._min,o=r._max,s=e/i,c=a+(o-a)*s,l=r.distr;return l==3?Aa(10,c):l==4?Pa(c,r.asinh):l==100?r.bwd(c):c}function kn(e,n){return ia(On(e,S,n),t[0],dt,ft)}r.valToIdx=e=>ia(e,t[0]),r.posToIdx=kn,r.posToVal=On,r.valToPos=(e,t,n)=>b[t].ori==0?a(e,b[t],n?Ne:F,n?je:0):o(e,b[t],n?Pe:I,n?Me:0),r.setCursor=(e,t,n)=>{R=e.left,z=e.top,In(null,t,n)};function An(e,t){G(mn,Ci,V.left=e),G(mn,yi,V.width=t)}function H(e,t){G(mn,xi,V.top=e),G(mn,bi,V.height=t)}let jn=D.ori==0?An:H,Mn=D.ori==1?An:H;function Nn(){if(M&&A.live)for(let e=+(i==2);e<v.length;e++){if(e==0&&me)continue;let t=A.values[e],n=0;for(let r in t)fe[e][n++].firstChild.nodeValue=t[r]}}function Pn(e,t){if(e!=null&&(e.idxs?e.idxs.forEach((e,t)=>{se[t]=e}):io(e.idx)||se.fill(e.idx),A.idx=se[0]),M&&A.live){for(let e=0;e<v.length;e++)(e>0||i==1&&!me)&&Fn(e,se[e]);Nn()}Be=!1,t!==!1&&er(`setLegend`)}r.setLegend=Pn;function Fn(e,n){let i=v[e],a=e==0&&O==2?mt:t[e],o;me?o=i.values(r,e,n)??he:(o=i.value(r,n==null?null:a[n],e,n),o=o==null?he:{_:o}),A.values[e]=o}function In(e,n,a){ln=R,un=z,[R,z]=j.move(r,R,z),j.left=R,j.top=z,ce&&(nn&&Yi(nn,Ea(R),0,F,I),rn&&Yi(rn,0,Ea(z),F,I));let o,s=dt>ft;Cn=q,wn=null;let c=D.ori==0?F:I,l=D.ori==1?F:I;if(R<0||ut==0||s){o=j.idx=null;for(let e=0;e<v.length;e++){let t=Qe[e];t!=null&&Yi(t,-10,-10,F,I)}Xe&&vn(null,En,!0,e==null&&U.setSeries),A.live&&(se.fill(o),Be=!0)}else{let e,n,a;i==1&&(e=D.ori==0?R:z,n=On(e,S),o=j.idx=ia(n,t[0],dt,ft),a=ee(t[0][o],D,c,0));let s=-10,u=-10,d=0,f=0,p=!0,m=``,h=``;for(let e=+(i==2);e<v.length;e++){let g=v[e],_=se[e],y=_==null?null:i==1?t[e][_]:t[e][1][_],x=j.dataIdx(r,e,o,n),S=x==null?null:i==1?t[e][x]:t[e][1][x];if(Be=Be||S!=y||x!=_,se[e]=x,e>0&&g.show){let n=x==null?-10:x==o?a:ee(i==1?t[0][x]:t[e][0][x],D,c,0),_=S==null?-10:te(S,i==1?b[g.scale]:b[g.facets[1].scale],l,0);if(Xe&&S!=null){let t=D.ori==1?R:z,n=wa(Ye.dist(r,e,x,_,t));if(n<Cn){let r=Ye.bias;if(r!=0){let i=On(t,g.scale),a=S>=0?1:-1,o=i>=0?1:-1;o==a&&(o==1?r==1?S>=i:S<=i:r==1?S<=i:S>=i)&&(Cn=n,wn=e)}else Cn=n,wn=e}}if(Be||Ze){let t,i;D.ori==0?(t=n,i=_):(t=_,i=n);let a,o,c,l,g,v,y=!0,b=Je.bbox;if(b!=null){y=!1;let t=b(r,e);c=t.left,l=t.top,a=t.width,o=t.height}else c=t,l=i,a=o=Je.size(r,e);if(v=Je.fill(r,e),g=Je.stroke(r,e),Ze)e==wn&&Cn<=Ye.prox&&(s=c,u=l,d=a,f=o,p=y,m=v,h=g);else{let t=Qe[e];t!=null&&($e[e]=c,et[e]=l,$i(t,a,o,y),Zi(t,v,g),Yi(t,Da(c),Da(l),F,I))}}}}if(Ze){let e=Ye.prox;if(Be||(Tn==null?Cn<=e:Cn>e||wn!=Tn)){let e=Qe[0];e!=null&&($e[0]=s,et[0]=u,$i(e,d,f,p),Zi(e,m,h),Yi(e,Da(s),Da(u),F,I))}}}if(V.show&&dn){if(e!=null){let[t,n]=U.scales,[r,i]=U.match,[a,o]=e.cursor.sync.scales,s=e.cursor.drag;if(B=s._x,pn=s._y,B||pn){let{left:s,top:u,width:d,height:f}=e.select,p=e.scales[a].ori,m=e.posToVal,h,g,_,v,y,x=t!=null&&r(t,a),S=n!=null&&i(n,o);x&&B?(p==0?(h=s,g=d):(h=u,g=f),_=b[t],v=ee(m(h,a),_,c,0),y=ee(m(h+g,a),_,c,0),jn(Oa(v,y),wa(y-v))):jn(0,c),S&&pn?(p==1?(h=s,g=d):(h=u,g=f),_=b[n],v=te(m(h,o),_,l,0),y=te(m(h+g,o),_,l,0),Mn(Oa(v,y),wa(y-v))):Mn(0,l)}else Hn()}else{let e=wa(ln-an),t=wa(un-on);if(D.ori==1){let n=e;e=t,t=n}B=fn.x&&e>=fn.dist,pn=fn.y&&t>=fn.dist;let n=fn.uni;n==null?fn.x&&fn.y&&(B||pn)&&(B=pn=!0):B&&pn&&(B=e>=n,pn=t>=n,!B&&!pn&&(t>e?pn=!0:B=!0));let r,i;B&&(D.ori==0?(r=sn,i=R):(r=cn,i=z),jn(Oa(r,i),wa(i-r)),pn||Mn(0,l)),pn&&(D.ori==1?(r=sn,i=R):(r=cn,i=z),Mn(Oa(r,i),wa(i-r)),B||jn(0,c)),!B&&!pn&&(jn(0,0),Mn(0,0))}}if(fn._x=B,fn._y=pn,e==null){if(a){if(nr!=null){let[e,t]=U.scales;U.values[0]=e==null?null:On(D.ori==0?R:z,e),U.values[1]=t==null?null:On(D.ori==1?R:z,t)}ir(Di,r,R,z,F,I,o)}if(Xe){let e=a&&U.setSeries,t=Ye.prox;Tn==null?Cn<=t&&vn(wn,En,!0,e):Cn>t?vn(null,En,!0,e):wn!=Tn&&vn(wn,En,!0,e)}}Be&&(A.idx=o,Pn()),n!==!1&&er(`setCursor`)}let Ln=null;Object.defineProperty(r,"rect",{get(){return Ln??Rn(!1),Ln}});function Rn(e=!1){e?Ln=null:(Ln=m.getBoundingClientRect(),er(`syncRect`,Ln))}function zn(e,t,n,r,i,a,o){j._lock||dn&&e!=null&&e.movementX==0&&e.movementY==0||(Bn(e,t,n,r,i,a,o,!1,e!=null),e==null?In(t,!0,!1):In(null,!0,!0))}function Bn(e,t,n,i,a,o,c,l,u){if(Ln??Rn(!1),qe(e),e!=null)n=e.clientX-Ln.left,i=e.clientY-Ln.top;else{if(n<0||i<0){R=-10,z=-10;return}let[e,r]=U.scales,c=t.cursor.sync,[l,u]=c.values,[d,f]=c.scales,[p,m]=U.match,h=t.axes[0].side%2==1,g=D.ori==0?F:I,_=D.ori==1?F:I,v=h?o:a,y=h?a:o,x=h?i:n,S=h?n:i;if(n=d==null?x/v*g:p(e,d)?s(l,b[e],g,0):-10,i=f==null?S/y*_:m(r,f)?s(u,b[r],_,0):-10,D.ori==1){let e=n;n=i,i=e}}u&&(t==null||t.cursor.event.type==Di)&&((n<=1||n>=F-1)&&(n=qa(n,F)),(i<=1||i>=I-1)&&(i=qa(i,I))),l?(an=n,on=i,[sn,cn]=j.move(r,n,i)):(R=n,z=i)}let Vn={width:0,height:0,left:0,top:0};function Hn(){hn(Vn,!1)}let Un,Wn,Gn,Kn;function qn(e,t,n,i,a,o,s){dn=!0,B=pn=fn._x=fn._y=!1,Bn(e,t,n,i,a,o,s,!0,!1),e!=null&&(xe(ki,zi,Jn,!1),ir(Oi,r,sn,cn,F,I,null));let{left:c,top:l,width:u,height:d}=V;Un=c,Wn=l,Gn=u,Kn=d}function Jn(e,t,n,i,a,o,s){dn=fn._x=fn._y=!1,Bn(e,t,n,i,a,o,s,!1,!0);let{left:c,top:l,width:u,height:d}=V,f=u>0||d>0,p=Un!=c||Wn!=l||Gn!=u||Kn!=d;if(f&&p&&hn(V),fn.setScale&&f&&p){let e=c,t=u,n=l,r=d;if(D.ori==1&&(e=l,t=d,n=c,r=u),B&&_n(S,On(e,S),On(e+t,S)),pn)for(let e in b){let t=b[e];e!=S&&t.from==null&&t.min!=q&&_n(e,On(n+r,e),On(n,e))}Hn()}else j.lock&&(j._lock=!j._lock,In(t,!0,e!=null));e!=null&&(Se(ki,zi),ir(ki,r,R,z,F,I,null))}function Yn(e,t,n,r,i,a,o){if(j._lock)return;qe(e);let s=dn;if(dn){let e=!0,t=!0,n,r;D.ori==0?(n=B,r=pn):(n=pn,r=B),n&&r&&(e=R<=10||R>=F-10,t=z<=10||z>=I-10),n&&e&&(R=R<sn?0:F),r&&t&&(z=z<cn?0:I),In(null,!0,!0),dn=!1}R=-10,z=-10,se.fill(null),In(null,!0,!0),s&&(dn=s)}function Xn(e,t,n,i,a,o,s){j._lock||(qe(e),_t(),Hn(),e!=null&&ir(Mi,r,R,z,F,I,null))}function Zn(){y.forEach(Xc),Ve(r.width,r.height,!0)}na(Ii,Bi,Zn);let Qn={};Qn.mousedown=qn,Qn.mousemove=zn,Qn.mouseup=Jn,Qn.dblclick=Xn,Qn.setSeries=(e,t,n,i)=>{let a=U.match[2];n=a(r,t,n),n!=-1&&vn(n,i,!0,!1)},ce&&(xe(Oi,m,qn),xe(Di,m,zn),xe(Ai,m,e=>{qe(e),Rn(!1)}),xe(ji,m,Yn),xe(Mi,m,Xn),Pc.add(r),r.syncRect=Rn);let $n=r.hooks=e.hooks||{};function er(e,t,n){qt?Jt.push([e,t,n]):e in $n&&$n[e].forEach(e=>{e.call(null,r,t,n)})}(e.plugins||[]).forEach(e=>{for(let t in e.hooks)$n[t]=($n[t]||[]).concat(e.hooks[t])});let tr=(e,t,n)=>n,U=fo({key:null,setSeries:!1,filters:{pub:Ua,sub:Ua},scales:[S,v[1]?v[1].scale:null],match:[Wa,Wa,tr],values:[null,null]},j.sync);U.match.length==2&&U.match.push(tr),j.sync=U;let nr=U.key,rr=tc(nr);function ir(e,t,n,r,i,a,o){U.filters.pub(e,t,n,r,i,a,o)&&rr.pub(e,t,n,r,i,a,o)}rr.sub(r);function ar(e,t,n,r,i,a,o){U.filters.sub(e,t,n,r,i,a,o)&&Qn[e](null,t,n,r,i,a,o)}r.pub=ar;function or(){rr.unsub(r),Pc.delete(r),be.clear(),ra(Ii,Bi,Zn),l.remove(),P?.remove(),er(`destroy`)}r.destroy=or;function sr(){er(`init`,e,t),gt(t||e.data,!1),k[S]?$t(S,k[S]):_t(),ze=V.show&&(V.width>0||V.height>0),Re=Be=!0,Ve(e.width,e.height)}return v.forEach(nt),y.forEach(ot),n?n instanceof HTMLElement?(n.appendChild(l),sr()):n(r,sr):sr(),r}Zc.assign=fo,Zc.fmtNum=xa,Zc.rangeNum=_a,Zc.rangeLog=da,Zc.rangeAsinh=fa,Zc.orient=ic,Zc.pxRatio=W,Zc.join=_o,Zc.fmtDate=Ao,Zc.tzDate=Mo,Zc.sync=tc;{Zc.addGap=lc,Zc.clipGaps=cc;let e=Zc.paths={points:Cc};e.linear=Dc,e.stepped=Oc,e.bars=Ac,e.spline=Mc}var Qc=class extends HTMLElement{#e;#t=``;#n=!1;#r=new ResizeObserver(()=>{this.#o()});#i=matchMedia(`(prefers-color-scheme: dark)`);#a=()=>{this.#t=``,this.drawSoon()};connectedCallback(){this.#r.observe(this),this.#i.addEventListener(`change`,this.#a),document.addEventListener(`theme`,this.#a),this.drawSoon()}disconnectedCallback(){this.#r.disconnect(),this.#i.removeEventListener(`change`,this.#a),document.removeEventListener(`theme`,this.#a),this.#e?.destroy(),this.#e=void 0,this.#t=``}get points(){return this.#e?.data[0].length??0}drawSoon(){this.#n||(this.#n=!0,setTimeout(()=>{this.#n=!1,this.#s()},0))}colour(e){return getComputedStyle(this).getPropertyValue(e).trim()}axis(){return{stroke:this.colour(`--ink-quiet`),font:`12px ${getComputedStyle(this).fontFamily}`,ticks:{show:!1},grid:{stroke:this.colour(`--line`),width:1}}}#o(){this.#e===void 0?this.drawSoon():this.clientWidth>0&&this.#e.setSize({width:this.clientWidth,height:this.clientHeight})}#s(){if(!this.isConnected||this.clientWidth===0)return;let e=this.drawing();if(e!==void 0){if(this.#e===void 0||e.shape!==this.#t){this.#e?.destroy();let t={width:this.clientWidth,height:this.clientHeight};this.#e=new Zc({...e.options(),...t},e.data,this),this.#t=e.shape}else this.#e.setData(e.data)}}},$c=class extends Qc{#e;set curves(e){(this.#e?.now!==e.now||this.#e.start!==e.start)&&(this.#e=e,this.drawSoon())}drawing(){let e=this.#e;if(e===void 0)return;let{now:t,start:n,kind:r}=e,i=t.pass_at_k.map(e=>e.k),a=e=>i.map(t=>e?.find(e=>e.k===t)?.value??null);return{data:[i.map(e=>Math.log2(e)),a(t.guessing),a(n?.pass_at_k),a(t.pass_at_k)],shape:r+i.join(),options:()=>this.#t(r)}}#t(e){let t=this.axis(),[n,r]=[this.colour(`--base`),this.colour(e===`soft`?`--soft`:`--discrete`)];return{padding:[8,16,0,0],legend:{show:!1},cursor:{show:!1},scales:{x:{time:!1,range:(e,t,n)=>[t,Math.max(n,t+1)]},y:{range:[0,1]}},axes:[{...t,grid:{show:!1},size:24,splits:e=>[...e.data[0]],values:(e,t)=>t.map(e=>String(Math.round(2**e)))},{...t,size:36,space:32}],series:[{},{stroke:n,width:1,fill:el(n),points:{show:!1}},{stroke:n,width:2,dash:[2,4],points:{show:!0,size:6,fill:this.colour(`--panel`)}},{stroke:r,width:2.5,...e===`discrete`?{dash:[6,4]}:{},points:{show:!0,size:7,fill:r}}]}}};function el(e){let t=document.createElement(`canvas`);t.width=t.height=8;let n=t.getContext(`2d`);if(n===null)return`transparent`;n.strokeStyle=e,n.globalAlpha=.7,n.beginPath();for(let e of[-8,0,8])n.moveTo(e,8),n.lineTo(e+8,0);return n.stroke(),n.createPattern(t,`repeat`)??`transparent`}customElements.define(`pass-chart`,$c);function tl(e,t,n,r){let i=Math.max((t-e)/n,Number.MIN_VALUE),a=10**Math.floor(Math.log10(i)),o=[1,2,5,10].map(e=>e*a).find(e=>e>=i)??i,s=r?Math.max(1,Math.round(o)):o,c=Math.max(0,-Math.floor(Math.log10(s))),l=Math.ceil(e/s),u=Math.floor(t/s+1e-9)-l+1;return Array.from({length:Math.max(0,u)},(e,t)=>Number(((l+t)*s).toFixed(c)))}var nl=64,rl=696,il=300,al=13,ol=7.2,sl=36,cl=20;function ll(e){return fl(e)+il+56}function ul(e,t){let n=ll(e),r=ml(e),i=[`<rect width="720" height="${n}" fill="${t(`--panel`)}"/>`,Cl(e.title,nl,30,{size:18,weight:`bold`,fill:t(`--ink`)}),...pl(e,t),...hl(e,r,t),...vl(e,r,t),...e.lines.map(n=>yl(e,n,r,t)),...e.lines.map(n=>bl(e,n,r,t))],a=`<pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse"><path d="M0 8L8 0" stroke="${t(`--base`)}" stroke-opacity="0.7"/></pattern>`;return`${`<svg xmlns="http://www.w3.org/2000/svg" width="720" height="${n}" viewBox="0 0 720 ${n}" font-family="system-ui, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif" font-size="${al}" role="img" aria-label="${wl(e.title)}">`}\n<title>${wl(e.title)}</title>\n<defs>${a}</defs>\n${i.filter(e=>e!==``).join(`
`)}\n</svg>\n`}function dl({lines:e,guessing:t}){let n=[...e.map(({name:e})=>e),...t===void 0?[]:[t.name]],[r,i]=[nl,0];return n.map(e=>{let t=sl+e.length*ol+16;r>nl&&r+t>rl&&([r,i]=[nl,i+1]);let n={name:e,x:r,row:i};return r+=t,n})}function fl(e){return 44+((dl(e).at(-1)?.row??0)+1)*cl+16}function pl(e,t){return dl(e).map(({name:n,x:r,row:i},a)=>{let o=54+i*cl,s=e.lines[a];return(s===void 0?`<rect x="${r}" y="${o-6}" width="28" height="12" fill="url(#hatch)" stroke="${t(`--base`)}"/>`:`<path d="M${r} ${o}h28" ${xl(s,t)}/>${s.marks?Sl(r+14,o,s,t):``}`)+Cl(n,r+sl,o+4,{fill:t(`--ink`)})})}function ml(e){let{x:t,doublings:n,lines:r,guessing:i,top:a}=e,o=e=>n?Math.log2(e):e,s=t[0]===void 0?0:o(t[0]),c=Math.max(s+1,o(t.at(-1)??1)),l=[...r.flatMap(({y:e,high:t=[]})=>[...e,...t]),...i?.y??[]],u=Math.max(0,...l.filter(e=>e!==null&&Number.isFinite(e)).map(Number)),d=a===void 0?Math.max(u*1.1,1e-4):Math.max(a,u),f=fl(e),p=f+il;return{top:f,bottom:p,x:e=>nl+(o(e)-s)/(c-s)*632,y:e=>p-e/d*il}}function hl(e,t,n){let{x:r,doublings:i,xLabel:a,yLabel:o}=e,{top:s,bottom:c}=t,l=il/(c-t.y(1)),[u,d]=[n(`--ink-quiet`),n(`--line`)],f=i?[...r]:tl(r[0]??0,r.at(-1)??1,8,!0),p=tl(0,l,6,!1).map(e=>{let n=t.y(e).toFixed(1),r=Cl(String(e),56,Number(n)+4,{fill:u,anchor:`end`});return`<path d="M${nl} ${n}H${rl}" stroke="${d}"/>${r}`}),m=f.map(e=>Cl(String(e),t.x(e),c+20,{fill:u,anchor:`middle`})),h=(s+c)/2;return[...p,...m,Cl(a,380,c+42,{fill:u,anchor:`middle`}),`<g transform="rotate(-90 16 ${h})">${Cl(o,16,h,{fill:u,anchor:`middle`})}</g>`]}function gl(e,t,n){return e.x.flatMap((e,r)=>{let i=t[r];return i==null||!Number.isFinite(i)?[]:[[n.x(e),n.y(i)]]})}function _l(e){return e.map(([e,t],n)=>`${n===0?`M`:`L`}${e.toFixed(1)} ${t.toFixed(1)}`).join(``)}function vl(e,t,n){if(e.guessing===void 0)return[];let r=gl(e,e.guessing.y,t),[i,a]=[r[0],r.at(-1)];return i===void 0||a===void 0?[]:[`<path d="${`${_l(r)}L${a[0].toFixed(1)} ${t.bottom}L${i[0].toFixed(1)} ${t.bottom}Z`}" fill="url(#hatch)"/>`,`<path d="${_l(r)}" fill="none" stroke="${n(`--base`)}"/>`]}function yl(e,{low:t,high:n,colour:r},i,a){if(t===void 0||n===void 0)return``;let[o,s]=[gl(e,n,i),gl(e,t,i)];if(o.length===0||s.length===0)return``;let c=s.toReversed().map(([e,t])=>`L${e.toFixed(1)} ${t.toFixed(1)}`);return`<path d="${_l(o)}${c.join(``)}Z" fill="${a(r)}" fill-opacity="0.14"/>`}function bl(e,t,n,r){let i=gl(e,t.y,n);if(i.length===0)return``;let a=t.marks||i.length===1?i.map(([e,n])=>Sl(e,n,t,r)).join(``):``;return`<path d="${_l(i)}" ${xl(t,r)}/>${a}`}function xl({colour:e,dash:t},n){let r=t.length===0?``:` stroke-dasharray="${t.join(` `)}"`;return`fill="none" stroke="${n(e)}" stroke-width="2"${r}`}function Sl(e,t,{colour:n},r){return`<circle cx="${e.toFixed(1)}" cy="${t.toFixed(1)}" r="3.5" fill="${r(n)}"/>`}function Cl(e,t,n,{fill:r,size:i,weight:a,anchor:o}){let s=[i===void 0?``:` font-size="${i}"`,a===void 0?``:` font-weight="${a}"`,o===void 0?``:` text-anchor="${o}"`].join(``);return`<text x="${Number(t.toFixed(1))}" y="${Number(n.toFixed(1))}" fill="${r}"${s}>${wl(e)}</text>`}function wl(e){return e.replaceAll(`&`,`&amp;`).replaceAll(`<`,`&lt;`).replaceAll(`>`,`&gt;`).replaceAll(`"`,`&quot;`)}var Tl=2;async function El(e,t,n){let r=getComputedStyle(document.documentElement),i=new Blob([ul(e,e=>r.getPropertyValue(e).trim())],{type:`image/svg+xml`});ur(`${t}.${n}`,n===`svg`?i:await Dl(i,720,ll(e)))}async function Dl(e,t,n){let r=URL.createObjectURL(e);try{let e=new Image;e.src=r,await e.decode();let i=document.createElement(`canvas`);[i.width,i.height]=[t*Tl,n*Tl];let a=i.getContext(`2d`);if(a===null)throw Error(`this browser gives no 2d canvas`);return a.drawImage(e,0,0,i.width,i.height),await new Promise((e,t)=>{i.toBlob(n=>{n===null?t(Error(`this browser made no PNG of the canvas`)):e(n)},`image/png`)})}finally{URL.revokeObjectURL(r)}}function Ol(e){return e.toLowerCase().replace(/[^a-z0-9]+/g,`-`).replace(/^-|-$/g,``)}function kl(t,n){return e`<details class="save" @keydown=${Ml} @focusout=${Nl}>
    <summary>${H.save.menu}<span class="unseen"> ${t}</span></summary>
    <div class="save-formats" role="group" aria-label="${H.save.menu} ${t}">
      ${n.map(({words:t,save:n})=>e`<button
            type="button"
            @click=${e=>{n(),jl(e,!0)}}
          >
            ${t}
          </button>`)}
    </div>
  </details>`}function Al(e,t){let n=n=>()=>{El(t(),Ol(e),n)};return kl(e,[{words:H.save.svg,save:n(`svg`)},{words:H.save.png,save:n(`png`)}])}function jl(e,t){let n=e.currentTarget instanceof Element?e.currentTarget.closest(`details`):null;n!==null&&(n.open=!1,t&&n.querySelector(`summary`)?.focus())}function Ml(e){e.key===`Escape`&&jl(e,!0)}function Nl(e){let t=e.relatedTarget;t instanceof Node&&e.currentTarget instanceof Element&&!e.currentTarget.contains(t)&&jl(e,!1)}document.addEventListener(`pointerdown`,({target:e})=>{for(let t of document.querySelectorAll(`details.save[open]`))e instanceof Node&&t.contains(e)||(t.open=!1)});function Pl(t,n){let{measuring:r,measurements:i}=t,a=t.model===void 0||t.progress!==void 0;return e`
    <section class="panel measure" aria-labelledby="measure-title">
      <header>
        <h2 id="measure-title">${u.measure.title}</h2>
        <p>${u.measure.lead}</p>
      </header>
      <div class="buttons">
        ${Fl(t,n)}
        ${r===void 0?e`<button type="button" class="quiet-button" ?disabled=${a} @click=${()=>n.measure()}>
                ${u.measure.button}
              </button>`:e`
                <progress
                  max=${r.total||1}
                  value=${r.loaded}
                  aria-label=${u.measure.title}
                ></progress>
                <span>${u.progress.evaluate(r.label,r.loaded,r.total)}</span>
                <button
                  type="button"
                  class="quiet-button"
                  @click=${()=>{n.cancelMeasuring()}}
                >
                  ${u.cancel}
                </button>
              `}
      </div>
      ${i.length===0?e`<p class="empty">${u.measure.empty}</p>`:e`${Il(i)}${zl(i)}`}
    </section>
  `}function Fl(t,r){let i=t.tasks.find(e=>e.name===t.task)?.splits.filter(e=>e!==`train`)??[];if(i.length<2)return n;let a=Lt(t);return e`<label title=${u.measure.splitHint}>
    ${u.results.split}
    <select
      name="measure-split"
      ?disabled=${t.measuring!==void 0}
      @change=${e=>{r.chooseSplit(e.target.value)}}
    >
      ${i.map(t=>e`<option value=${t} .selected=${t===a}>${u.results.splits[t]??t}</option>`)}
    </select>
  </label>`}function Il(t){let r=t.at(-1);if(r===void 0)return n;let i=t.find(e=>e.way.name===r.way.name&&e.split===r.split&&e.steps===0),a=i===r?void 0:i,o=x(r.way);return e`
    <figure class="chart pass ${o}">
      <figcaption>
        <h3>${u.measure.curve}</h3>
        <span class="latest now"><span class="sign ${o}" aria-hidden="true"></span>${r.label}</span>
        ${a===void 0?n:e`<span class="latest level"><span class="sign" aria-hidden="true"></span>${a.label}</span>`}
        <span class="latest hatched"><span class="sign" aria-hidden="true"></span>${u.measure.guessing}</span>
        ${Al(u.measure.curve,()=>Ll(r,a))}
      </figcaption>
      <pass-chart aria-hidden="true" .curves=${{kind:o,now:r.report,start:a?.report}}></pass-chart>
      <p class="axis quiet" aria-hidden="true">${u.measure.tries}</p>
      <p>${Rl(r,a)}</p>
      <p class="quiet">${u.measure.curveNote}</p>
    </figure>
  `}function Ll(e,t){let n=e.report.pass_at_k.map(({k:e})=>e),r=e=>n.map(t=>e.find(e=>e.k===t)?.value??null),i=x(e.way),a=[...t===void 0?[]:[{name:t.label,colour:`--base`,dash:[2,4],marks:!0,y:r(t.report.pass_at_k)}],{name:e.label,colour:`--${i}`,dash:i===`discrete`?[6,4]:[],marks:!0,y:r(e.report.pass_at_k)}],o={name:u.measure.guessing,y:r(e.report.guessing)},{curve:s,tries:c}=u.measure;return{title:s,xLabel:c,yLabel:s,x:n,doublings:!0,top:1,lines:a,guessing:o}}function Rl(e,t){return t===void 0?u.measure.trainNow:[e.report.pass_at_k[0],e.report.pass_at_k.at(-1)].flatMap(e=>{let n=t.report.pass_at_k.find(t=>t.k===e?.k);return e===void 0||n===void 0?[]:[{k:e.k,before:n.value,after:e.value}]}).map(({k:e,before:t,after:n})=>u.measure.change(e,B(t),B(n))).join(` `)}function zl(t){let r=t[0]?.report.pass_at_k.map(e=>e.k)??[],i=t.at(-1),a=t.some(({report:e})=>e.audit!==void 0);return e`
    <div class="scroll" tabindex="0" role="region" aria-label=${u.measure.caption}>
      <table>
        <caption class="unseen">
          ${u.measure.caption}
        </caption>
        <thead>
          <tr>
            <th scope="col">${u.measure.model}</th>
            <th scope="col">${u.measure.policy}</th>
            <th scope="col">${u.results.split}</th>
            ${r.map(t=>e`<th scope="col" class="number" title=${u.measure.define.pass}>${u.measure.passAt(t)}</th>`)}
            ${a?e`<th scope="col" class="number" title=${u.audit.define}>${u.audit.column}</th>`:n}
            <th scope="col" class="number" title=${u.measure.define.majority}>${u.measure.majority}</th>
            <th scope="col" class="number" title=${u.measure.define.length}>${u.measure.length}</th>
            <th scope="col" class="number" title=${u.measure.define.entropy}>${u.measure.entropy}</th>
          </tr>
        </thead>
        <tbody>
          ${t.map(({label:t,way:i,split:o,report:s})=>{let c=e=>s.pass_at_k.find(t=>t.k===e)?.value;return e`<tr>
              <th scope="row">${t}</th>
              <td><span class="sign ${x(i)}" aria-hidden="true"></span>${i.name}</td>
              <td>${u.results.splits[o]??o}</td>
              ${r.map(t=>e`<td class="number">${B(c(t))}</td>`)}
              ${a?e`<td class="number">${B(s.audit)}</td>`:n}
              <td class="number">${B(s.majority)}</td>
              <td class="number">${B(s.mean_length)}</td>
              <td class="number">${B(s.mixture_entropy)}</td>
            </tr>`})}
          ${i===void 0?n:e`<tr class="guessing">
                  <th scope="row">${u.measure.guessing}</th>
                  <td></td>
                  <td>${u.results.splits[i.split]??i.split}</td>
                  ${r.map(t=>e`<td class="number">${B(i.report.guessing.find(e=>e.k===t)?.value)}</td>`)}
                  <td colspan=${a?4:3}></td>
                </tr>`}
        </tbody>
      </table>
    </div>
    ${i===void 0?n:e`<p class="quiet">
            ${u.measure.asked(i.report.questions,i.report.samples)} ${a?u.audit.define:n}
          </p>`}
  `}function Bl(t,r){let{model:i}=t,a=L(t.run)||t.progress!==void 0;return e`
    <section class="panel model" aria-labelledby="model-title">
      <h2 id="model-title">${u.model.title}</h2>
      ${i===void 0?n:Vl(t)}
      <div class="buttons">
        <button
          type="button"
          class="quiet-button"
          ?disabled=${i===void 0}
          @click=${()=>r.exportModel(`safetensors`)}
        >
          ${u.model.exportSafetensors}
        </button>
        <button
          type="button"
          class="quiet-button"
          ?disabled=${i===void 0}
          @click=${()=>r.exportModel(`gguf`)}
        >
          ${u.model.exportGguf}
        </button>
        <label class="file quiet-button">
          ${u.model.choose}
          <input
            type="file"
            accept=".gguf,.safetensors"
            ?disabled=${a}
            @change=${e=>{let t=e.target,n=t.files?.[0];n!==void 0&&r.loadFile(n),t.value=``}}
          />
        </label>
        ${t.ownModel||t.trainedSteps>0?e`<button type="button" class="quiet-button" ?disabled=${a} @click=${()=>r.loadShipped()}>
                ${u.model.again}
              </button>`:n}
      </div>
      <p class="quiet">${u.model.exportHint} ${u.model.drop}</p>
    </section>
  `}function Vl(t){let{model:r}=t;if(r===void 0)return n;let i=[[u.model.parameters,B(r.parameters)],[u.model.layers,String(r.layers)],[u.model.hidden_size,String(r.hidden_size)],[u.model.vocab_size,String(r.vocab_size)],[u.model.format,r.format],[u.model.source,t.modelName]],a=r.task!==void 0&&r.task!==``&&r.task!==t.task;return e`
    <dl class="facts">
      ${i.map(([t,n])=>e`<div>
            <dt>${t}</dt>
            <dd>${n}</dd>
          </div>`)}
    </dl>
    ${t.trainedSteps>0?e`<p><span class="chip">${u.model.trained(t.trainedSteps)}</span></p>`:n}
    ${a?e`<p class="off">${u.model.wrongTask(r.task??``)}</p>`:n}
  `}var Hl=u.own,Ul=[`exact`,`numeric`,`javascript`];function Wl(t,r){let{form:i,adding:a,problem:o,said:s}=t.own;return e`<section class="panel own" aria-labelledby="own-title">
    <header>
      <h2 id="own-title">${Hl.title}</h2>
      <p>${Hl.lead}</p>
    </header>
    ${Gl(t,r)}
    <details class="own-fold">
      <summary>${Hl.open}</summary>
      <form
        class="own-form"
        @submit=${e=>{e.preventDefault(),r.add()}}
      >
        <p>${Hl.how} <code>{"question": "2+2=", "answer": "4"}</code>. ${Hl.splits}</p>
        <div class="buttons">
          <button
            type="button"
            class="quiet-button"
            @click=${()=>{r.fillExample()}}
          >
            ${Hl.example}
          </button>
          <label class="file quiet-button">
            ${Hl.file}
            <input
              type="file"
              accept=".jsonl,.json,.txt"
              @change=${e=>{let t=e.target,n=t.files?.[0];n!==void 0&&r.openFile(n),t.value=``}}
            />
          </label>
        </div>
        <label>
          ${Hl.name}
          <input
            name="own-name"
            autocomplete="off"
            spellcheck="false"
            maxlength="40"
            placeholder="my_sums"
            .value=${i.name}
            @input=${e=>{r.edit({name:e.target.value})}}
          />
        </label>
        ${Kl(i,r)} ${ql(i,r)}
        <p class="buttons">
          <button type="submit" class="main" ?disabled=${a||i.name===``||i.jsonl===``}>
            ${Hl.add}
          </button>
        </p>
        ${o===void 0?n:e`<p class="problem-line" role="alert">${o}</p>`}
      </form>
    </details>
    ${s===void 0?n:e`<p class="said">${s}</p>`}
  </section>`}function Gl(t,r){if(t.own.kept.length===0)return n;let i=L(t.run);return e`<ul class="own-tasks">
    ${t.own.kept.map(({name:n,grader:a})=>{let o=t.tasks.find(e=>e.name===n);return e`<li>
        <strong class="token">${n}</strong>
        <span class="quiet"
          >${o?.description??``} ${Hl.graded(typeof a==`string`?a:`javascript`)}</span
        >
        <button
          type="button"
          class="quiet-button"
          ?disabled=${i||t.task===n}
          @click=${()=>r.play(n)}
        >
          ${t.task===n?Hl.inUse:Hl.use}<span class="unseen">: ${n}</span>
        </button>
        <button type="button" class="quiet-button" ?disabled=${i} @click=${()=>r.forget(n)}>
          ${Hl.forget}<span class="unseen">: ${n}</span>
        </button>
      </li>`})}
  </ul>`}function Kl(t,n){return t.file===void 0?e`<label>
    ${Hl.questions}
    <textarea
      name="own-questions"
      rows="8"
      spellcheck="false"
      .value=${t.jsonl}
      @input=${e=>{n.edit({jsonl:e.target.value})}}
    ></textarea>
  </label>`:e`<p>
      ${Hl.fromFile(t.file,t.jsonl.split(`
`).length)}
      <button
        type="button"
        class="quiet-button"
        @click=${()=>{n.edit({file:void 0,jsonl:``})}}
      >
        ${Hl.write}
      </button>
    </p>`}function ql(t,r){return e`<fieldset>
      <legend>${Hl.grader}</legend>
      ${Ul.map(n=>e`<label class="choice">
            <input
              type="radio"
              name="own-grader"
              value=${n}
              .checked=${t.grader===n}
              @change=${()=>{r.edit({grader:n})}}
            />
            <span><strong>${Hl.graders[n].name}</strong> ${Hl.graders[n].text}</span>
          </label>`)}
    </fieldset>
    ${t.grader===`javascript`?e`<label>
            ${Hl.source}
            <textarea
              name="own-source"
              rows="5"
              spellcheck="false"
              .value=${t.source}
              @input=${e=>{r.edit({source:e.target.value})}}
            ></textarea>
          </label>`:n}`}var Jl=H.presets,Yl={think:`.question button.main`,train:`.train .controls .buttons button.main`,look:`.diagnose .buttons button`};function Xl(t,r){let{said:i}=t.tools;return e`
    <section class="sentences" aria-labelledby="sentences-title">
      <h2 id="sentences-title">${Jl.title}</h2>
      <ul>
        ${Pn.map(e=>Zl(e,t,r))}
      </ul>
      ${i===void 0?n:e`<p class="said">${i.words}</p>`}
    </section>
  `}function Zl(t,n,r){let{text:i,time:a}=Jl.sentences[t.name];return e`<li>
    <button
      type="button"
      class="sentence"
      data-name=${t.name}
      aria-pressed=${n.tools.said?.name===t.name?`true`:`false`}
      ?disabled=${!In.ready(n)}
      @click=${async()=>{await r.set(t),await Ql(t.control)}}
    >
      ${i} <span class="quiet">${a}</span>
    </button>
  </li>`}async function Ql(e){await new Promise(e=>requestAnimationFrame(()=>requestAnimationFrame(e)));let t=document.querySelector(Yl[e]);t?.scrollIntoView({block:`center`}),t?.focus({preventScroll:!0})}var $l={},eu=Dr(class extends Or{constructor(){super(...arguments),this.ot=$l}render(e,t){return t()}update(e,[n,r]){if(Array.isArray(n)){if(Array.isArray(this.ot)&&this.ot.length===n.length&&n.every((e,t)=>e===this.ot[t]))return t}else if(this.ot===n)return t;return this.ot=Array.isArray(n)?Array.from(n):n,this.render(n,r)}}),tu=`24`,nu=[1,2,5].flatMap(e=>[1,10,100,1e3].map(t=>e*t)).sort((e,t)=>e-t),ru=class extends Qc{#e;set data(e){this.#e=e,this.drawSoon()}drawing(){let e=this.#e;if(e===void 0||e.plotted.x.length===0)return;let{x:t,lines:n,guessing:r}=e.plotted,i=r===void 0?[]:[r];for(let{y:e,low:t,high:r}of n)i.push(e,...t&&r?[r,t]:[]);let a=JSON.stringify([e.top,t.length,n.map(({arm:e,ink:t,low:n})=>[e,t,n!==void 0])]);return{data:[e.doublings?t.map(Math.log2):t,...i],shape:a,options:()=>this.#t(e)}}#t({plotted:e,doublings:t,top:n}){let r=this.axis(),i=[{}],a=[];if(e.guessing!==void 0){let e=this.colour(`--base`);i.push({stroke:e,width:1,fill:el(e),points:{show:!1}})}for(let{ink:n,low:r,high:o}of e.lines){let s=this.colour(n.colour),c=t||e.x.length<3;if(i.push({stroke:s,width:2,dash:[...n.dash],spanGaps:!0,points:{show:c,size:6,fill:s}}),r===void 0||o===void 0)continue;let l={stroke:`transparent`,width:0,points:{show:!1},spanGaps:!0};a.push({series:[i.length,i.length+1],fill:s+tu}),i.push(l,l)}return{padding:[8,16,0,0],legend:{show:!1},cursor:{show:!1},scales:{x:{time:!1,range:(e,t,n)=>[t,Math.max(n,t+1)]},y:{range:(e,t,r)=>[0,n===void 0?Math.max(r*1.1,1e-4):Math.max(n,r)]}},axes:[{...r,grid:{show:!1},size:24,space:48,...t?{splits:e=>[...e.data[0]],values:(e,t)=>t.map(e=>String(Math.round(2**e)))}:{incrs:nu}},{...r,size:44,space:32,values:(e,t)=>t.map(e=>String(Number(e.toPrecision(3))))}],series:i,bands:a}}};customElements.define(`result-chart`,ru);var iu=13;function au(t){return t===void 0?n:e`<svg class="line-sign" width="28" height="8" viewBox="0 0 28 8" aria-hidden="true">
    ${a`<line x1="0" y1="4" x2="28" y2="4" stroke="var(${t.colour})" stroke-width="2.5" stroke-dasharray=${t.dash.join(` `)} />`}
  </svg>`}function ou(t,n,r){let i=u.results.charts;return e`<div class="result-charts">
    ${su(i.pass,it(t,n,r),{doublings:!0,top:1})}
    ${su(i.reward,at(t,n,`reward`),{top:1})}
    ${su(i.entropy,at(t,n,`entropy`))} ${su(i.position,ot(t,n,r))}
    ${su(i.length,at(t,n,`length`))}
  </div>`}function su(t,r,i={}){let{lines:a,guessing:o}=r;return e`<figure class="chart result">
    <figcaption>
      <h3>${t.title}</h3>
      ${a.map(({ink:t,title:n})=>e`<span class="latest">${au(t)}${n}</span>`)}
      ${o===void 0?n:e`<span class="latest hatched"
              ><span class="sign" aria-hidden="true"></span>${u.results.guessing}</span
            >`}
      ${a.length===0?n:Al(t.title,()=>cu(t,r,i))}
    </figcaption>
    ${a.length===0?e`<p class="empty">${u.results.nothing}</p>`:e`
            <result-chart
              aria-hidden="true"
              .data=${{plotted:r,doublings:i.doublings??!1,top:i.top}}
            ></result-chart>
            <p class="axis quiet" aria-hidden="true">${t.x}</p>
          `}
    <p class="quiet">${t.note}</p>
    ${a.length===0?n:lu(t,r)}
  </figure>`}function cu(e,{x:t,lines:n,guessing:r},i){let{doublings:a=!1,top:o}=i,s=a||t.length<3;return{title:e.title,xLabel:e.x,yLabel:e.title,x:t,doublings:a,top:o,lines:n.map(({title:e,ink:t,y:n,low:r,high:i})=>({name:e,...t,marks:s,y:n,low:r,high:i})),...r===void 0?{}:{guessing:{name:u.results.guessing,y:r}}}}function lu(t,{x:r,lines:i,guessing:a}){let o=st(r.length,iu),s=`${t.title}: ${u.results.asTable}`;return e`<details>
    <summary>${u.results.asTable}</summary>
    <div class="scroll" tabindex="0" role="region" aria-label=${s}>
      <table>
        <thead>
          <tr>
            <th scope="col">${t.x}</th>
            ${i.map(({title:t})=>e`<th scope="col" class="number">${t}</th>`)}
            ${a===void 0?n:e`<th scope="col" class="number">${u.results.guessing}</th>`}
          </tr>
        </thead>
        <tbody>
          ${o.map(t=>e`<tr>
                <th scope="row">${r[t]}</th>
                ${i.map(({y:n,low:r,high:i})=>e`<td class="number">${uu(n[t],r?.[t],i?.[t])}</td>`)}
                ${a===void 0?n:e`<td class="number">${uu(a[t])}</td>`}
              </tr>`)}
        </tbody>
      </table>
    </div>
    ${o.length===r.length?n:e`<p class="quiet">${u.results.every(o.length,r.length)}</p>`}
  </details>`}function uu(e,t,n){let r=V(e??void 0,3);return t===void 0||n===void 0||t===null||n===null?r:`${r} ${du(t,n)}`}function du(e,t,n=3){return`[${V(e,n)}, ${V(t,n)}]`}var fu=`result-run`;function pu(t,r,i,a){let o=u.results.run,s=t.find(({arm:e})=>e===r?.arm);return e`<section class="result-table runs">
    <h3>${o.title}</h3>
    <p class="quiet">${o.lead}</p>
    <ul>
      ${t.map(({arm:t,title:n,seeds:a})=>e`<li>
            <span>${n}</span>
            ${a.map(a=>{let s=r?.arm===t&&r.seed===a;return e`<button
                type="button"
                class="quiet-button"
                aria-expanded=${s?`true`:`false`}
                aria-controls=${fu}
                @click=${()=>void i.openRun(t,a)}
              >
                ${o.open(a)}<span class="unseen">: ${n}</span>
              </button>`})}
          </li>`)}
    </ul>
    <div id=${fu}>${r===void 0||s===void 0?n:mu(r,s.title,i,a)}</div>
  </section>`}function mu(t,r,i,a){let o=u.results.run,{record:s,problem:c,address:l}=t;return e`<section class="run-card" aria-labelledby="result-run-title">
    <h4 id="result-run-title">${o.heading(r,t.seed)}</h4>
    ${s===void 0?e`<p class="empty" role="status">${c??o.loading}</p>`:hu(s,r,i,a)}
    <p class="buttons">
      ${s===void 0?n:e`<a href=${l}>${o.file}</a>`}
      <button
        type="button"
        class="quiet-button"
        @click=${()=>{i.closeRun()}}
      >
        ${u.close}
      </button>
    </p>
  </section>`}function hu(t,r,i,a){let o=u.results.run,s=ht(t,r),c=[[o.facts.model,gt(t.model)],[o.facts.engine,t.engine],[o.facts.version,t.version],...s===void 0?[]:[[o.facts.seconds,gn(t.train_seconds)]]],l=(t,n)=>e`<h5>${t}</h5>
      <pre class="scroll" tabindex="0" role="region" aria-label=${t}>${JSON.stringify(n,null,1)}</pre>`;return e`
    <dl class="facts">
      ${c.map(([t,n])=>e`<div>
            <dt>${t}</dt>
            <dd>${n}</dd>
          </div>`)}
    </dl>
    ${t.collapse===null?n:e`<p class="remark">${t.collapse}</p>`}
    ${s===void 0?e`<p class="quiet">${o.untrained}</p>`:gu(s,i,a)}
    ${s===void 0?n:l(o.settings,t.config)} ${l(o.thinking,t.policy)}
    ${l(o.measured,t.evaluate)}
  `}function gu(t,n,r){let i=u.results.run;return e`<p class="buttons">
      <button
        type="button"
        class="main"
        ?disabled=${r}
        @click=${async()=>{await n.runYourself(t),await new Promise(e=>requestAnimationFrame(()=>requestAnimationFrame(e))),document.getElementById(`train-title`)?.scrollIntoView({block:`start`}),document.querySelector(`.train .controls .buttons button.main`)?.focus({preventScroll:!0})}}
      >
        ${i.yourself}
      </button>
    </p>
    <p class="quiet">
      ${r?i.busy:t.model===en(t.task)?i.yourselfHint(t.model):i.otherModel(t.model)}
    </p>`}function _u(t,n,r){return e`<div class="scroll" tabindex="0" role="region" aria-label=${t}>
    <table>
      <thead>
        <tr>
          ${n}
        </tr>
      </thead>
      <tbody>
        ${r}
      </tbody>
    </table>
  </div>`}function vu(t,r=``){return e`<th scope="col" class="number" title=${r===``?n:r}>${t}</th>`}function yu(t){return e`<td class="number">
    ${t===void 0?`–`:e`${V(t.mean,3)} <span class="quiet">${du(t.low,t.high)}</span>`}
  </td>`}function bu(t,n){return e`<th scope="row">
    ${au(t===void 0?void 0:qe(t.arms).get(n.arm))}${n.title}
  </th>`}function xu(t,n,r){let i=u.results.table,a=tt(t),o=e`
    <th scope="col">${i.arm}</th>
    ${a.map(e=>vu(u.measure.passAt(e),u.measure.define.pass))}
    ${vu(i.majority,i.define.majority)} ${vu(i.length,i.define.length)}
    ${vu(i.entropy,i.define.entropy)} ${vu(i.nearOneHot,i.define.nearOneHot)}
    ${vu(i.secondsPerStep,i.define.seconds)} ${vu(i.seeds)}
    ${vu(i.collapses,i.define.collapses)}
  `,s=n=>{let i=et(n,r),o=i?.near_one_hot??void 0;return e`<tr>
      ${bu(t,n)} ${a.map(e=>yu(nt(i?.pass_at_k,e)))}
      <td class="number">${V(i?.majority,3)}</td>
      <td class="number">${V(i?.mean_length,1)}</td>
      <td class="number">${V(i?.entropy,3)}</td>
      <td class="number">${o===void 0?`–`:mn(o)}</td>
      <td class="number">${B(n.seconds_per_step)}</td>
      <td class="number">${n.seeds.length}</td>
      <td class="number">${n.collapses}</td>
    </tr>`},c=e`<tr class="guessing">
    <th scope="row">${u.results.guessing}</th>
    ${a.map(n=>e`<td class="number">${V(t.guessing.find(([e])=>e===n)?.[1],3)}</td>`)}
    <td colspan="7"></td>
  </tr>`,l=i.title(r.mode===`own`?``:i.how(r.mode));return e`<section class="result-table">
    <h3>${l}</h3>
    ${_u(l,o,e`${n.map(s)}${c}`)}
  </section>`}function Su(t,n,r){let i=lt(t,n,r),a=u.results.contrasts,o=dt(i.flatMap(({rows:e})=>e.flatMap(({at:e})=>e)));return e`${i.map(({against:n,rows:r})=>{let i=a.title(n.title),s=e`<th scope="col">${u.results.table.arm}</th>
      <th scope="col">${a.of}</th>
      <th scope="col">${a.verdict}</th>
      ${vu(a.difference)}
      <th scope="col">${a.picture}</th>`,c=r.map(({arm:n,at:r})=>r.map((r,i)=>{let s=ct(r);return e`<tr class=${i===0?`first`:``}>
          ${i===0?bu(t,n):e`<th scope="row"><span class="unseen">${n.title}</span></th>`}
          <td>${u.measure.passAt(r.k)}</td>
          <td class="verdict-${s}">${a.verdicts[s]}</td>
          <td class="number">
            ${Cu(r.mean,3)} <span class="quiet">[${Cu(r.low,3)}, ${Cu(r.high,3)}]</span>
          </td>
          <td>${wu(r,o)}</td>
        </tr>`}));return e`<section class="result-table contrasts">
      <h3>${i}</h3>
      <p class="quiet">${a.lead}</p>
      ${_u(i,s,c)}
    </section>`})}`}function Cu(e,t){let n=V(e,t);return e>0&&Number(n)!==0?`+${n}`:n}function wu({mean:t,low:n,high:r},i){let a=e=>50+50*e/i;return e`<span class="interval ${ct({mean:t,low:n,high:r})}" aria-hidden="true">
    <i .style="left:${a(n)}%;width:${a(r)-a(n)}%"></i><b .style="left:${a(t)}%"></b>
  </span>`}function Tu(t,r){let i=ft(t);if(i.length===0)return n;let a=u.results.forgetting,o=e`<th scope="col">${u.results.table.arm}</th>
    <th scope="col">${a.task}</th>
    <th scope="col">${u.results.contrasts.verdict}</th>
    ${vu(a.before)} ${vu(a.after)} ${vu(a.change)}`,s=i.map(({arm:t,task:i,before:o,after:s,change:c,verdict:l})=>e`<tr>
        <th scope="row">${t.title}</th>
        <td>${r(i)}</td>
        <td class="says">${a.verdicts[l]}</td>
        <td class="number">${V(o,3)}</td>
        <td class="number">
          ${V(s.mean,3)}
          ${t.seeds.length<2||l===`same`?n:e`<span class="quiet">${du(s.low,s.high)}</span>`}
        </td>
        <td class="number">${Cu(c,3)}</td>
      </tr>`);return e`<section class="result-table">
    <h3>${a.title}</h3>
    <p class="quiet">${a.lead}</p>
    ${_u(a.title,o,s)}
  </section>`}function Eu(t,r){let i=u.results.meetings,a=tt(t);return e`${[`compute`,`reward`].map(o=>{let s=pt(t,r,o);if(s===void 0||s.rows.length===0)return n;let c=o===`compute`?i.compute(gn(s.value)):i.reward(V(s.value,3)),l=e`<th scope="col">${u.results.table.arm}</th>
      ${vu(i.step)} ${a.map(e=>vu(u.measure.passAt(e),u.measure.define.pass))}`,d=s.rows.map(({arm:n,meeting:r})=>e`<tr>
          ${bu(t,n)}
          ${r===void 0?e`<td class="number">–</td>
                  <td colspan=${a.length}>${i.none}</td>`:e`<td class="number">${r.step}</td>
                  ${a.map(e=>yu(nt(r.pass_at_k,e)))}`}
        </tr>`);return e`<section class="result-table">
      <h3>${c}</h3>
      <p class="quiet">${i.lead[o]} ${i.note}</p>
      ${_u(c,l,d)}
    </section>`})}`}var Du=[3,5],Ou={colour:`--ink`,dash:[]};function ku(e,t,n,r){let i=[...new Set([...e.x,...n])].sort((e,t)=>e-t),a=t=>i.map(n=>t?.[e.x.indexOf(n)]??null),o=e.lines.map(({low:e,high:n,...r})=>({...r,title:t.published,ink:{...r.ink,dash:Du},y:a(r.y),...e===void 0||n===void 0?{}:{low:a(e),high:a(n)}})),s={arm:`here`,title:t.here,ink:Ou,y:i.map(r)},{guessing:c}=e;return{x:i,lines:[...o,s],...c===void 0?{}:{guessing:a(c)}}}function Au(e,t,n,r){let i=new Map(r.map(e=>[Number(e.step),e.reward??null]));return ku(at(e,[t],`reward`),n,[...i.keys()],e=>i.get(e)??null)}function ju(e,t,n,r,i){return ku(it(e,[t],r),n,[],e=>nt(i,e)?.mean??null)}function Mu(e,t,n){let r=e?.tasks[0]?.arms.find(e=>e.arm===t);return r===void 0?void 0:et(r,n)?.pass_at_k}function Nu(e,t,n,r){let i=et(t,n)?.pass_at_k;return tt(e).flatMap(e=>{let[t,n]=[nt(r,e),nt(i,e)];if(t===void 0||n===void 0)return[];let a=t.mean<n.low?`below`:t.mean>n.high?`above`:`inside`;return[{k:e,here:t.mean,published:n,place:a}]})}var Z=u.trial,Pu={split:It,mode:`own`};function Fu(t,r){let{plan:i,summary:a}=t.results,o=vt(t.results);if(a===void 0||o===void 0)return n;let{going:s}=t.trial,c=s?.plan.name===a.experiment&&s.task===o.task?s:void 0;return e`<section class="trial" aria-labelledby="trial-title">
    <h3 id="trial-title">${Z.title}</h3>
    <p>${Z.lead}</p>
    ${i===void 0?e`<p class="empty">${Z.noPlan}</p>`:zu(t,o,r)}
    ${Bu(t,r)}
    ${c===void 0?n:c.arms.map(e=>Uu(e,c,o,t.trial,r))}
  </section>`}function Iu(t,r){let{going:i,phase:a,savedAt:o}=t.trial;return a!==`stopped`||i===void 0||o===void 0?n:e`<div class="banner resume trial-kept">
    <p>${Lu(i,o)}</p>
    <button
      type="button"
      class="main"
      @click=${async()=>{r.resume(),await new Promise(e=>setTimeout(e,300)),document.getElementById(`trial-title`)?.scrollIntoView({block:`start`})}}
    >
      ${Z.resume}
    </button>
    <button type="button" class="quiet-button" @click=${()=>r.forget()}>${Z.forget}</button>
  </div>`}function Lu({arms:e,records:t,current:n,plan:r},i){let a=n===void 0?``:Z.keptAt(Ru(r.arms,n.arm),n.curve.length,n.steps);return Z.keptText(t.length,e.length,a,_n(Date.now()-i))}function Ru(e,t){return e.find(e=>e.name===t)?.title??t}function zu(t,r,i){let{plan:a}=t.results,o=a===void 0?void 0:At(a);if(a===void 0||o===void 0)return n;let{arms:s=o,seed:c=a.seeds[0]??1}=t.trial,l=Et(t.trial),u=a.arms.filter(({name:e})=>r.arms.some(({arm:t})=>t===e)),d=t=>e`<label>
      ${Z.arm(t+1)}
      <select
        name="trial-arm-${t}"
        ?disabled=${l}
        @change=${e=>{let{value:n}=e.target,[r,a]=s;i.choose({arms:t===0?[n,a]:[r,n]})}}
      >
        ${u.map(({name:n,title:r})=>e`<option value=${n} .selected=${n===s[t]}>${r}</option>`)}
      </select>
    </label>`,{questions:f=0,samples:p=0}=kt(a,r.task,s,c).evaluate??{},m=f<(a.evaluate?.questions??128),h=s[0]===s[1];return e`<div class="filters">
      ${d(0)} ${d(1)}
      <label>
        ${Z.seed}
        <input
          name="trial-seed"
          type="number"
          min="0"
          max="999999999"
          step="1"
          ?disabled=${l}
          .value=${String(c)}
          @change=${e=>{i.choose({seed:Math.max(0,Math.trunc(e.target.valueAsNumber||0))})}}
        />
      </label>
      ${l?n:e`<button
              type="button"
              class="main"
              ?disabled=${h||t.model===void 0}
              @click=${()=>i.start()}
            >
              ${Z.start}
            </button>`}
    </div>
    <p class="quiet">
      ${h?Z.same:Z.what(f,p)}
      ${m?Z.fewer(a.evaluate?.questions??128):n}
      ${a.seeds.includes(c)?n:Z.otherSeed(a.seeds.join(`, `))}
    </p>`}function Bu(t,r){let{phase:i,problem:a,saved:o,savedAt:s,going:c}=t.trial;return e`
    ${a===void 0?n:e`<p class="problem-line" role="alert">${Z.problem(a)}</p>`}
    ${Et(t.trial)?Vu(t.trial,r):n}
    ${i===`stopped`&&c!==void 0&&s!==void 0?e`<p>${Lu(c,s)}</p>
            <p class="buttons">
              <button type="button" class="main" @click=${()=>r.resume()}>${Z.resume}</button>
              <button type="button" class="quiet-button" @click=${()=>r.forget()}>${Z.forget}</button>
            </p>`:n}
    ${i===`finished`?e`<p class="buttons">
            <span>${Z.done}</span>
            <button type="button" class="quiet-button" @click=${()=>r.forget()}>${Z.forget}</button>
          </p>`:n}
    ${o===void 0||!Et(t.trial)?n:e`<p class="quiet">${o}</p>`}
  `}function Vu(t,n){let{going:r}=t,i=r?.current,a=i?.curve.length??0,o=r===void 0||i===void 0?Z.loading:i.phase===`evaluate`?Z.evaluating(Ru(r.plan.arms,i.arm),i.done,i.total):Z.training(Ru(r.plan.arms,i.arm),a,i.steps),s=i?.phase===`evaluate`?i.total:i?.steps??0,c=i?.phase===`evaluate`?i.done:a;return e`<div class="buttons trying">
    <progress max=${s||1} .value=${c} aria-label=${Z.title}></progress>
    <span>${o}</span>
    <span class="quiet left">${Hu(t)}</span>
    <button type="button" class="quiet-button" @click=${()=>n.cancel()}>${u.cancel}</button>
  </div>`}function Hu(e){let t=jt(e);return t===void 0?Z.timing:t.measuring?Z.leftTraining(gn(t.seconds)):Z.left(gn(t.seconds))}function Uu(t,r,i,a,o){let s=i.arms.find(({arm:e})=>e===t),c=r.records.find(({arm:e})=>e===t),l=c?.curve??(r.current?.arm===t?r.current.curve:[]);if(s===void 0)return n;let u={published:Z.published(s.seeds.length),here:Z.here(r.seed)},d=Mu(r.summary,t,Pu)??[],f=`trial-${t}`,p=e=>({title:`${e}: ${s.title}`});return e`<section class="trial-arm" aria-labelledby=${f}>
    <h4 id=${f}>${s.title}</h4>
    ${d.length===0?Wu(t,r,a):Gu(i,s,d,r)}
    <div class="trial-charts">
      ${s.curve.length===0?n:su({...Z.charts.reward,...p(Z.charts.reward.title)},Au(i,s,u,l),{top:1})}
      ${su({...Z.charts.pass,...p(Z.charts.pass.title)},ju(i,s,u,Pu,d),{doublings:!0,top:1})}
    </div>
    ${c===void 0?n:e`<p class="buttons">
              <button
                type="button"
                class="quiet-button"
                @click=${()=>{o.download(t)}}
              >
                ${Z.download}<span class="unseen">: ${s.title}</span>
              </button>
              <span class="quiet"
                >${Z.by(c.engine,c.train_seconds>0?gn(c.train_seconds):``)}</span
              >
            </p>
            ${c.collapse===null?n:e`<p class="remark">${c.collapse}</p>`}`}
  </section>`}function Wu(t,{current:n},r){let i=n?.arm===t&&Et(r);return e`<p class="quiet">${i?Z.now:Z.later}</p>`}function Gu(t,n,r,i){let a=Nu(t,n,Pu,r);if(a.length===0)return e`<p class="quiet">${Z.nothingPublished}</p>`;let o=a.every(({place:e})=>e===`inside`);return e`<p class="trial-verdict ${o?`good`:`off`}">
      <strong>${Z.verdict(a.map(({place:e})=>e))}</strong>
      ${a.map(({k:e,here:t,published:n,place:r})=>Z.at(e,V(t,3),V(n.mean,3),du(n.low,n.high),Z.places[r]))}
    </p>
    <p class="quiet">${Z.caution(n.seeds.length,i.seed)}</p>`}var Ku=5;function qu(t,n,r){let i=L(t.run)||t.progress!==void 0||t.model===void 0;return e`
    <section class="panel results" aria-labelledby="results-title">
      <header>
        <h2 id="results-title">${u.results.title}</h2>
        <p>${u.results.lead}</p>
      </header>
      <details
        class="results-fold"
        .open=${t.results.shown}
        @toggle=${e=>{if(e.target!==e.currentTarget)return;let{open:t}=e.target;n.show(t),t&&n.open()}}
      >
        <summary>${u.results.open}</summary>
        ${eu([t.results,i,t.tasks],()=>Ju(t,n,i))} ${Fu(t,r)}
      </details>
    </section>
  `}function Ju(t,r,i){let{index:a,loading:o,problem:s,summary:c}=t.results,l=vt(t.results),d=s===void 0?o?u.results.loading:a?.length===0||c!==void 0&&l===void 0?u.results.none:void 0:u.results.problem(s);return e`<div class="results-body">
    ${d===void 0?n:e`<p class="empty" role="status">${d}</p>`}
    ${a===void 0||a.length<2?n:Yu(t.results,r)}
    ${l===void 0?n:Zu(l,t,r,i)}
  </div>`}function Yu({index:e=[],chosen:t,loading:n},r){return Xu(`experiment`,u.results.experiment,e.map(({name:e,title:t})=>[e,t]),t?.name,e=>void r.choose(e),n)}function Xu(t,n,r,i,a,o=!1){return e`<label>
    ${n}
    <select
      name="results-${t}"
      ?disabled=${o}
      @change=${e=>{a(e.target.value)}}
    >
      ${r.map(([t,n])=>e`<option value=${t} .selected=${t===i}>${n}</option>`)}
    </select>
  </label>`}function Zu(t,r,i,a){let{summary:o,hidden:s,split:c,mode:l,run:d}=r.results;if(o===void 0)return e``;let f=Ye(t,s),p={split:c,mode:l},m=ut(t.arms),h=e=>r.tasks.find(t=>t.name===e)?.title??e;return e`
    <h3 class="question-asked">${o.title}</h3>
    <p>
      ${u.results.runs(o.runs,o.runs_planned,u.results.guessSpace(h(t.task),t.difficulty,B(t.guess_space)))}
    </p>
    <p class="quiet">${u.results.honest}</p>
    ${m<Ku?e`<p class="few-seeds">${u.results.fewSeeds(m)}</p>`:n}
    <div class="filters">
      ${$u(t,r.results,i,h)}
      <fieldset>
        <legend>${u.results.arms}</legend>
        ${t.arms.map(n=>e`<label class="arm">
              <input
                type="checkbox"
                name="results-arm"
                value=${n.arm}
                .checked=${!s.includes(n.arm)}
                @change=${()=>{i.toggleArm(n.arm)}}
              />
              ${au(qe(t.arms).get(n.arm))}${n.title}
            </label>`)}
        ${Qu(t,s,i)}
      </fieldset>
    </div>
    ${f.length===0?e`<p class="empty">${u.results.noArm}</p>`:e`${ou(t,f,p)} ${xu(t,f,p)} ${Su(t,f,c)}
          ${Eu(t,f)} ${Tu(f,h)} ${pu(f,d,i,a)}`}
  `}function Qu(t,r,i){if(Ze(t.arms).length===0)return n;let a=r.length>0;return e`<button
    type="button"
    class="quiet-button arms-button"
    @click=${()=>{i.showArms(a)}}
  >
    ${a?H.results.all(t.arms.length):H.results.few}
  </button>`}function $u(t,{summary:r,split:i,mode:a},o,s){let[c,l]=[Qe(t),$e(t)];return e`
    ${Xu(`task`,u.results.task,(r?.tasks??[]).map(e=>[e.task,s(e.task)]),t.task,e=>{o.chooseTask(e)})}
    ${c.length<2?n:Xu(`split`,u.results.split,c.map(e=>[e,u.results.splits[e]??e]),i,e=>{o.chooseView({split:e})})}
    ${l.length<2?n:Xu(`mode`,u.results.mode,l.map(e=>[e,e===`own`?u.results.own:e]),a,e=>{o.chooseView({mode:e})})}
  `}function ed(t){return e`<button type="button" class="quiet-button copy-link" @click=${()=>td(t)}>
    ${u.link.copy}
  </button>`}async function td(e){let t=await nd(location.href).then(()=>u.link.copied,()=>u.link.notCopied);e.change({notice:t,announcement:t})}async function nd(e){let{clipboard:t}=navigator;if(t===void 0)throw Error(`no clipboard`);await t.writeText(e)}function rd(t,r,i){let{savedRun:a,progress:o,model:s,run:c}=t;if(a===void 0||L(c)||s===void 0||o!==void 0)return n;let l=bn(P(a.config)),d=t.tasks.find(({name:e})=>e===a.task)?.title??a.task;return a.elsewhere===!0?id(l,d,a,r):e`<div class="banner resume">
    <p>${u.resume.text(l,d,a.step,_n(Date.now()-a.savedAt))}</p>
    <button type="button" class="main" @click=${()=>i.resumeSaved(a)}>${u.resume.go}</button>
    <button type="button" class="quiet-button" @click=${()=>i.forgetSaved()}>${u.resume.forget}</button>
  </div>`}function id(t,n,{step:r},i){return e`<div class="banner elsewhere">
    <p>${u.elsewhere.text(t,n,r)}</p>
    <button type="button" class="quiet-button" @click=${()=>i.lookForSavedRun()}>${u.elsewhere.look}</button>
  </div>`}function ad(t,n){return e`<div class="banner held">
    <p>${u.fetching.held}</p>
    <button type="button" class="main" @click=${n.go}>${u.fetching.go}</button>
    ${Kr(t)}
  </div>`}function od({site:t},r,i){return t.update===void 0?n:e`<div class="banner update" role="status">
    <p>${t.update===`others`?u.offline.updateOthers:u.offline.update}</p>
    <button
      type="button"
      class="quiet-button"
      @click=${()=>{i.takeUpdate()}}
    >
      ${u.offline.reload}
    </button>
    <button
      type="button"
      class="quiet-button"
      @click=${()=>{r.change({site:{...t,update:void 0}})}}
    >
      ${u.offline.later}
    </button>
  </div>`}var Q=u.diagnose;function sd(t,r,i){return e`
    <section class="diagnose" aria-labelledby="diagnose-title">
      <header>
        <h3 id="diagnose-title">${Q.title}</h3>
        <p class="quiet">${Q.lead(On.questions,On.samples)}</p>
      </header>
      <div class="buttons">${cd(t,i)}</div>
      ${t.diagnosed===void 0?n:ld(t.diagnosed,r.thoughts.chosenWay())}
    </section>
  `}function cd({diagnosing:t,diagnosed:n,model:r,progress:i},a){if(t===void 0)return e`<button type="button" class="quiet-button" ?disabled=${r===void 0||i!==void 0} @click=${()=>a.diagnose()}>
      ${n===void 0?Q.button:Q.again}
    </button>`;let{loaded:o,total:s}=t,c=u.progress.diagnose(o,s);return e`
    ${s>0?e`<progress max=${s} value=${o} aria-label=${c}></progress>`:e`<progress aria-label=${c}></progress>`}
    <span>${c}</span>
    <button
      type="button"
      class="quiet-button"
      @click=${()=>{a.cancelDiagnosing()}}
    >
      ${u.cancel}
    </button>
  `}function ld(t,r){let{way:i,steps:a,found:o}=t,s=yn(i),c=a===0?Q.asShipped:u.model.trained(a);return e`
    <p class="quiet">${Q.of(s,c,o.rollouts,o.soft_steps)}</p>
    ${s===yn(r)?n:e`<p class="quiet">${Q.changed(s)}</p>`}
    ${o.soft_steps===0?e`<p>${Q.noSoft}</p>
            ${fd(o)}`:e`<div class="findings">
            <div>${ud(o.max_weight)} ${pd(t)} ${dd(o)}</div>
            <div>${fd(o)}</div>
          </div>`}
  `}function ud(t){let r=Math.max(...t,Number.MIN_VALUE);return e`
    <figure class="histogram" aria-hidden="true">
      <figcaption><strong>${Q.histogram}</strong> <span class="quiet">${Q.share}</span></figcaption>
      <div class="bars">
        ${t.map(t=>e`<span title=${mn(t)}
              >${t===r?e`<em>${mn(t)}</em>`:n}<i
                .style="height:${t/r*100}%"
              ></i
            ></span>`)}
      </div>
      <div class="scale quiet"><span>0</span><span>${Q.axis}</span><span>1</span></div>
    </figure>
  `}function dd({max_weight:t,js_top_1_bins:n,js_top_2_bins:r}){let i=[[Q.columns.max_weight,t],[Q.columns.js_top_1,n],[Q.columns.js_top_2,r]],a=e=>V(e/t.length);return e`
    <details>
      <summary>${Q.table}</summary>
      <p class="quiet">${Q.columnsHint}</p>
      <div class="scroll tall" tabindex="0" role="region" aria-label=${Q.table}>
        <table>
          <thead>
            <tr>
              <th scope="col">${Q.range}</th>
              ${i.map(([t])=>e`<th scope="col" class="number">${t}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${t.map((t,n)=>e`<tr>
                  <th scope="row">${Q.bin(a(n),a(n+1))}</th>
                  ${i.map(([,t])=>e`<td class="number">${mn(t[n]??0)}</td>`)}
                </tr>`)}
          </tbody>
        </table>
      </div>
    </details>
  `}function fd(t){let{js_top_1:r,js_top_2:i}=t,a=t.soft_steps>0,o=[[`near_one_hot`,a?mn(t.near_one_hot):void 0,t.near_one_hot],[`effective_tokens`,a?B(t.effective_tokens):void 0,void 0],[`js_top_1`,r===null?void 0:Q.nats(B(r)),(r??0)/Math.LN2],[`js_top_2`,i===null?void 0:Q.nats(B(i)),(i??0)/Math.LN2],[`edit_distance_to_greedy`,B(t.edit_distance_to_greedy),t.edit_distance_to_greedy]];return e`
    <dl class="findings-list">
      ${o.map(([t,r,i])=>r===void 0?n:e`<div data-key=${t}>
              <dt>${Q.rows[t].name}</dt>
              <dd>
                <strong>${r}</strong>
                ${i===void 0?n:e`<span class="share" aria-hidden="true"><span .style="width:${i*100}%"></span></span>`}
                <span class="quiet">${Q.rows[t].text}</span>
              </dd>
            </div>`)}
    </dl>
  `}function pd({way:t,found:r}){let{js_top_1:i,js_top_2:a}=r;return t.settings.kind===`multiplex`||i===null||a===null?n:i>0&&a>i?e`<p>${Q.pull(B(a/i))}</p>`:n}function md(t,{unfolded:n},r,i){let a=n[r];return e`<button
    type="button"
    class="fold ${a?`open`:``}"
    aria-expanded=${a?`true`:`false`}
    @click=${()=>{t.change({unfolded:{...n,[r]:!a}})}}
  >
    <span>${u.fold[r]}</span> <span class="quiet">${i}</span>
    <span class="turn" aria-hidden="true">▾</span>
  </button>`}var hd=-13,gd=5e-4;function _d(t,r,i){let{kind:a}=r.settings;return e`
    <section class="card ${x(r)}" aria-label=${u.card.of(i,u.card.title(t.step+1))}>
      <header>
        <h4>${u.card.title(t.step+1)}</h4>
        <p>
          ${u.ways.kinds[a]}, ${u.card.phase[t.phase]} · ${u.card.projection(Cn(t.token))} ·
          ${t.model_entropy===void 0?u.card.entropy(B(t.entropy)):u.card.entropies(B(t.entropy),B(t.model_entropy))}
        </p>
      </header>
      ${t.forced===!0?e`<p class="ended">${vd(t,r)}</p>`:n}
      ${Cd(t,r,i)} ${t.soft?e`<p>${bd(t,r)}</p>`:n}
      ${t.soft?e`<p class="quiet">${xd(r)}</p>`:n}
    </section>
  `}function vd(e,t){let n=A(t,e),{ended:r}=u.card;return n.why===`shadow`?r.shadow:n.why===`cold`?r.cold(n.steps,B(n.entropy)):r.length(n.steps)}function yd({settings:e}){if(e.kind!==`soft`)return`none`;let{noise:t=`gumbel`,noise_scale:n=1}=e;return t===`gumbel`&&n===0?`none`:t}function bd(e,t){let{winner_changed:r,log_probs:i}=e;if(r===void 0||i===void 0)return n;let a=Cn(e.token);if(t.settings.kind===`multiplex`)return r?u.card.drawn.changed(a):u.card.drawn.same(a);if(yd(t)===`none`)return n;let o=e.candidates[i.indexOf(Math.max(...i))]??``;return r?u.card.changed(a,Cn(o)):u.card.kept(a)}function xd(e){let{settings:t}=e,n=u.card.formula;switch(t.kind){case`soft`:{let t=yd(e);return t===`none`?n.plain:t===`gumbel`?n.gumbel:n.samples}case`soft_tokens`:return t.embedding_noise===0?n.vector:`${n.vector} ${n.noisyVector}`;case`multiplex`:return t.weighted===!0?n.weightedDraws:n.draws;case`discrete`:return``}}function Sd(e,t){let{define:n}=u.card,r=[],i=(e,t,n)=>{n!==void 0&&n.length>0&&r.push({head:e,title:t,values:n})};if(i(u.card.log_prob,n.log_prob,e.log_probs),!e.soft)return r;let a=yd(t);if(a===`gumbel`){let r=t.settings.kind===`soft`?t.settings.noise_scale??1:1;i(u.card.noise(r),n.noise,e.noise),i(u.card.perturbed,n.perturbed,e.perturbed)}else a!==`none`&&(i(u.card.deviation,n.deviation,e.noise),i(u.card.sample,n.sample,e.perturbed));return r}function Cd(t,r,i){let{kind:a}=r.settings,o=Sd(t,r),s=1-t.mixture.reduce((e,t)=>e+t,0);return e`
    <div class="scroll" tabindex="0" role="region" aria-label=${u.card.of(i,u.card.table)}>
      <table>
        <thead>
          <tr>
            <th scope="col">${a===`multiplex`&&t.soft?u.card.draw:u.card.candidate}</th>
            ${o.map(({head:t,title:n})=>e`<th scope="col" class="number" title=${n}>${t}</th>`)}
            <th scope="col" class="weight" title=${u.card.define.weight}>${u.card.weight}</th>
          </tr>
        </thead>
        <tbody>
          ${t.candidates.map((e,n)=>wd(t,e,n,o,a===`soft`))}
          ${a===`soft_tokens`&&t.soft&&s>gd?e`<tr class="cut">
                  <th scope="row" colspan=${o.length+1}>${u.card.rest}</th>
                  ${Td(s)}
                </tr>`:n}
        </tbody>
      </table>
    </div>
  `}function wd(t,n,r,i,a){let o=t.log_probs?.[r],s=a&&o!==void 0&&o<hd;return e`
    <tr class=${s?`cut`:``}>
      <th scope="row" class="token">${Cn(n)}</th>
      ${i.map(({values:t},n)=>e`<td class="number">${s?n===0?u.card.cut:``:V(t[r])}</td>`)}
      ${Td(t.mixture[r]??0)}
    </tr>
  `}function Td(t){let n=Math.max(0,Math.min(1,t))*100;return e`<td class="weight">
    <span class="share"><span .style="width:${n}%"></span></span> <span class="number">${mn(t)}</span>
  </td>`}var Ed=44,Dd=22,Od=Math.log(5),kd=4,Ad=.22;function jd(t){let{kind:r,steps:i,label:a,selected:o,onSelect:s}=t;return e`
    <div class="strip ${r}">
      ${r===`soft`?Id(i):n}
      <div class="columns" role="group" aria-label=${a} @keydown=${e=>{let t=Nd(e.key,o??0,i.length);t!==void 0&&s!==void 0&&(e.preventDefault(),s(t),e.currentTarget.querySelectorAll(`.column`)[t]?.focus())}}>
        ${i.map((e,n)=>Pd(e,n,t))}
      </div>
    </div>
  `}function Md(e,t){return t===`discrete`?!1:`soft`in e?e.soft:e.phase===`think`&&!Sn(e.token)}function Nd(e,t,n){let r={ArrowRight:t+1,ArrowLeft:t-1,Home:0,End:n-1}[e];return r===void 0?void 0:Math.max(0,Math.min(n-1,r))}function Pd(t,n,{kind:r,selected:i,onSelect:a}){let o=Md(t,r),s=o&&`winner_changed`in t&&t.winner_changed,c=`forced`in t&&t.forced&&t.candidates.length===1,l=o?j(t):[{text:t.token,weight:1}],d=Cn(t.token),f=l.find(e=>e.text===t.token)?.weight??0,p=(o?u.think.column(n+1,d,mn(f),B(t.entropy)):u.think.columnDiscrete(n+1,d))+(c?`, ${u.think.ended}`:``),m=e`
    <span class="bar" aria-hidden="true"> ${l.map((e,t)=>Fd(e,Math.min(t,kd)))} </span>
    <span class="read ${Sn(t.token)?`mark`:``}" aria-hidden="true">
      ${Sn(t.token)?t.token.startsWith(`</`)?`›`:`‹`:d}
    </span>
  `,h=`column ${t.phase} ${o?`blend`:`single`} ${s?`changed`:``} ${c?`ended`:``}`;return a===void 0?e`<span class=${h} title=${p}>${m}</span>`:e`
    <button
      type="button"
      class=${h}
      aria-pressed=${i===n?`true`:`false`}
      tabindex=${n===(i??0)?0:-1}
      @click=${()=>{a(n)}}
    >
      <span class="unseen">${p}</span>${m}
    </button>
  `}function Fd({text:t,weight:r},i){if(!(r>.004))return n;let a=r>=Ad;return e`<span class="segment rank-${i} ${Sn(t)?`mark`:``}" .style="flex-grow:${r}"
    >${a?Sn(t)?t.slice(1,-1):Cn(t):n}</span
  >`}function Id(t){let n=t.filter(e=>Md(e,`soft`)),r=n.map((e,t)=>[(t+.5)*Ed,20-Math.min(e.entropy,Od)/Od*18]);return e`
    <svg class="entropy" width=${t.length*Ed} height=${Dd} aria-hidden="true">
      ${a`<line class="zero" x1="0" x2=${n.length*Ed} y1=${20} y2=${20} />`}
      ${a`<polyline points=${r.map(([e,t])=>`${e},${t}`).join(` `)} />`}
      ${r.map(([e,t])=>a`<circle cx=${e} cy=${t} r="2" />`)}
    </svg>
  `}function Ld(t,r){let{policies:i}=t.presets,a=S.map(e=>({group:e,presets:i.filter(t=>C(t)===e)}));return e`
    <label>
      ${u.ways.label}
      <select
        name="policy"
        aria-describedby="policy-text"
        ?disabled=${i.length===0}
        @change=${e=>{r.thoughts.choosePolicy(e.target.value)}}
      >
        ${i.length===0?e`<option>${t.policy}</option>`:n}
        ${a.map(({group:r,presets:i})=>i.length===0?n:e`<optgroup label=${u.ways.groups[r]}>
                ${i.map(({name:n})=>e`<option value=${n} .selected=${n===t.policy}>${n}</option>`)}
              </optgroup>`)}
      </select>
    </label>
    <p class="quiet" id="policy-text">${i.find(e=>e.name===t.policy)?.text??``}</p>
  `}function Rd(t,n){let r=t.presets.policies.find(e=>e.name===t.policy),i=r===void 0?[]:k(r.policy,oe(t.policySettings));return e`
    <details class="way-settings">
      <summary>${u.ways.settings}</summary>
      <p class="quiet">${u.ways.settingsHint}</p>
      <div class="fields">
        ${i.map(({key:e,value:r})=>typeof r==`boolean`?Bd(e,r,t,n):typeof r==`string`?Vd(e,r,t,n):zd(e,r,t,n))}
      </div>
    </details>
  `}function zd(t,n,r,i){return e`<label title=${u.ways.define[t]}>
    <span class="token">${t}</span>
    <input
      name="policy.${t}"
      inputmode="decimal"
      autocomplete="off"
      placeholder=${pn(n)}
      .value=${Nr(r.policySettings[t]??``)}
      @change=${e=>{i.thoughts.setPolicy(t,e.target.value)}}
    />
  </label>`}function Bd(t,n,r,i){let a=r.policySettings[t];return e`<label class="truth-field" title=${u.ways.define[t]}>
    <span class="token">${t}</span>
    <input
      type="checkbox"
      name="policy.${t}"
      .checked=${Nr(a===void 0?n:a===`true`)}
      @change=${e=>{i.thoughts.setPolicy(t,String(e.target.checked))}}
    />
  </label>`}function Vd(t,n,r,i){let a=r.policySettings[t]??n;return e`<label title=${u.ways.define[t]}>
    <span class="token">${t}</span>
    <select
      name="policy.${t}"
      @change=${e=>{i.thoughts.setPolicy(t,e.target.value)}}
    >
      ${ee.map(t=>e`<option value=${t} .selected=${t===a}>${t}</option>`)}
    </select>
  </label>`}function Hd(t,r,i,a){return e`
    <section class="panel think" aria-labelledby="think-title">
      <h2 id="think-title" class="unseen">${u.think.title}</h2>
      ${Ud(t,r,i)} ${t.stored?Kd(t):n}
      <div class="thoughts">${qd(`chosen`,t,i)} ${qd(`compared`,t,i)}</div>
      ${t.chosen===void 0&&!t.thinking?e`<p class="empty">${u.think.empty}</p>`:n}
      <div class="reading">${Xd(t)} ${Yd(t.chosen)}</div>
      ${sd(t,i,a)}
      <details class="truth">
        <summary>${u.truth.title}</summary>
        <ul>
          ${u.truth.points.map(t=>e`<li>${t}</li>`)}
        </ul>
      </details>
    </section>
  `}function Ud(t,r,i){let a=t.tasks.find(e=>e.name===t.task),o=t.model!==void 0&&t.progress===void 0,s=t.typed??t.question?.prompt??t.chosen?.result?.question??``;return e`
    <form
      class="question"
      @submit=${e=>{e.preventDefault(),i.thoughts.think()}}
    >
      <label class="ask">
        <span>${u.think.question}</span>
        <input
          class="prompt"
          name="question"
          autocomplete="off"
          spellcheck="false"
          title=${u.think.own}
          .value=${s}
          ?disabled=${!o}
          @input=${e=>{i.questions.type(e.target.value)}}
        />
      </label>
      <button
        type="button"
        class="quiet-button"
        ?disabled=${!o||t.thinking}
        @click=${()=>i.questions.next()}
      >
        ${u.think.another} <span aria-hidden="true">↻</span>
      </button>
      ${t.thinking?e`<button
              type="button"
              class="main"
              @click=${()=>{i.thoughts.stop()}}
            >
              <span aria-hidden="true">■</span> ${u.think.stop}
            </button>`:e`<button type="submit" class="main" ?disabled=${!o||s===``}>
              <span aria-hidden="true">▶</span> ${u.think.button}
            </button>`}
      ${md(r,t,`think`,`${yn(i.thoughts.chosenWay())} · ${a?.title??t.task} · ${u.think.seed} ${t.seed}`)}
      <div class="choices foldable">
        <div class="way">${Ld(t,i)}</div>
        <label>
          ${u.task.label}
          <select
            name="task"
            ?disabled=${t.tasks.length===0}
            @change=${e=>i.questions.chooseTask(e.target.value)}
          >
            ${Zd(t).map(n=>e`<option value=${n.name} .selected=${n.name===t.task}>${n.title}</option>`)}
          </select>
        </label>
        ${Wd(t,a,i)}
        <label title=${u.think.seedHint}>
          ${u.think.seed}
          <input
            name="seed"
            type="number"
            min="0"
            max="999999999"
            step="1"
            .value=${String(t.seed)}
            @change=${e=>{i.questions.chooseSeed(Math.max(0,Math.trunc(e.target.valueAsNumber||0)))}}
          />
        </label>
        ${a===void 0?n:e`<p class="quiet">${a.description}</p>`} ${Rd(t,i)}
      </div>
    </form>
  `}function Wd(t,n,r){let[i,a]=n?.difficulties??[0,-1],o=Array.from({length:a-i+1},(e,t)=>i+t),s=t.difficulty??n?.default_difficulty;return e`
    <label>
      ${u.task.difficulty}
      <select
        name="difficulty"
        ?disabled=${n===void 0}
        @change=${e=>r.questions.chooseDifficulty(Number(e.target.value))}
      >
        ${o.map(t=>e`<option value=${t} .selected=${t===s}>${t}</option>`)}
      </select>
    </label>
  `}function Gd({model:e,progress:t}){return e===void 0?t===void 0?u.fetching.stored:u.think.stored:u.think.storedReady}function Kd(t){let n=t.chosen?.result?.question??``;return e`<p class="stored"><span class="chip">${n}</span> ${Gd(t)}</p>`}function qd(t,r,i){let{selected:a}=r,o=r[t],s=o?.way??(t===`chosen`?i.thoughts.chosenWay():b);if(t===`compared`&&o===void 0&&(r.chosen?.way??i.thoughts.chosenWay()).name===b.name)return n;let c=x(s),l=u.ways.kinds[s.settings.kind],d=yn(s);return e`
    <section class="thought ${c}" data-slot=${t} aria-label=${l}>
      <header>
        <h3><span class="sign" aria-hidden="true"></span>${l}</h3>
        ${d===s.settings.kind.replace(`_`,`-`)?n:e`<span class="chip">${d}</span>`}
        <p class="quiet">${t===`compared`?u.think.comparedHint:u.ways.hints[s.settings.kind]}</p>
        ${o===void 0?n:Jd(o)}
      </header>
      ${jd({kind:c,steps:o?.steps??[],label:l,selected:a?.slot===t?a.step:void 0,onSelect:e=>{i.thoughts.select(t,e)}})}
    </section>
  `}function Jd({way:t,steps:r,result:i}){if(i===void 0)return n;let a=i.grade===1,o=r.filter(e=>e.phase===`think`&&!Sn(e.token)).length,s=a?u.think.right:i.grade>0?u.think.partly(B(i.grade)):u.think.wrong,{audit:c}=i;return e`
    <p class="verdict ${a?`good`:`off`}">
      ${u.think.answer} <strong class="token">${i.answer??u.think.none}</strong>
      <span class="grade">${a?`✓`:`✗`} ${s}</span>
      ${c===void 0?n:e`<span class="audit ${c<i.grade?`off`:``}" title=${u.audit.define}>${u.audit.of(B(c))}</span>`}
      ${a?n:e`<span class="quiet">${u.think.expected(i.expected)}</span>`}
      <span class="quiet stats"
        >${x(t)===`soft`?u.think.stats(o,B(i.mixture_entropy)):u.think.steps(o)}</span
      >
    </p>
  `}function Yd(t){if(t?.result===void 0)return n;let{sharp:r,all:i}=Wt(t);if(i===0)return n;let{kind:a}=t.way.settings,o=a===`soft_tokens`||t.steps.some(e=>e.soft&&e.winner_changed),s=t.steps.some(e=>e.forced&&e.candidates.length===1);return e`<div class="share-note">
    <h3>${u.think.lookFor}</h3>
    <p><strong>${u.think.share(r,i,mn(r/i))}</strong> ${u.think.shareWhy[a]}</p>
    <p class="quiet">
      ${u.think.entropyLine} ${o?u.think.changedMark[a]:n} ${s?u.think.forcedMark:n}
    </p>
  </div>`}function Xd(e){let{selected:t}=e;if(t===void 0)return n;let r=e[t.slot],i=r?.steps[t.step];return r===void 0||i===void 0?n:_d(i,r.way,u.ways.kinds[r.way.settings.kind])}function Zd(e){let t=({name:t})=>$t(e,t)!==void 0;return e.tasks.filter(n=>e.ownModel||Yt(n.name)||t(n)||n.name===e.task)}function Qd(e){return[...new Set(e.flatMap(e=>e.map(({step:e})=>e)))].sort((e,t)=>e-t)}function $d(e,t,n){let r=new Map;for(let e of t){let t=e[n];t!==void 0&&r.set(e.step,t)}return e.map(e=>r.get(e)??null)}var ef=[6,4],tf=[2,4];function nf({title:e,xLabel:t,series:n,rows:r,top:i,level:a,over:o}){let s=Qd([r,...o.map(({run:e})=>e.rows)]),c=n.map(({key:e,name:t,colour:n,style:i})=>({name:t,colour:n,dash:i===`dashed`?ef:[],marks:i===`marks`,y:$d(s,r,e)})),l=o.flatMap(({run:e,ink:t,name:r})=>n.map(({key:n,name:i,style:a})=>({name:`${r}: ${i}`,...t,marks:a===`marks`,y:$d(s,e.rows,n)}))),u=a===void 0?[]:[{...rf,name:a.name,y:s.map(()=>a.value)}],d=[...r.length===0?[]:c,...l,...u];return{title:e,xLabel:t,yLabel:n[0]?.name??``,x:s,doublings:!1,top:i,lines:d}}var rf={colour:`--base`,dash:tf,marks:!1},af=[];function of({over:e=af}){return e.map(({id:e,ink:t})=>e+t.colour).join()}var sf=class extends Qc{#e;#t=!1;set data(e){let t=this.#e;(t?.rows!==e.rows||t.series!==e.series||t.level!==e.level||of(t)!==of(e))&&(this.#e=e,this.drawSoon())}drawing(){let e=this.#e,t=e===void 0||e.rows.length===0&&(e.over??af).length===0;if(e===void 0||t&&!this.#t)return;this.#t=!0;let n=e.series.map(e=>e.key+e.colour).join()+String(e.level)+of(e);return{data:cf(e),shape:n,options:()=>this.#n(e)}}#n(e){let t=this.axis();return{padding:[8,8,0,0],legend:{show:!1},cursor:{show:!1},scales:{x:{time:!1,range:(e,t,n)=>[0,Math.max(10,n)]},y:{range:(t,n,r)=>[0,e.top??Math.max(r*1.1,1e-4)]}},axes:[{...t,grid:{show:!1},size:24,space:48},{...t,size:44,space:32,values:(e,t)=>t.map(e=>String(Number(e.toPrecision(3))))}],series:[{},...e.series.map(e=>({stroke:this.colour(e.colour),width:e.style===`marks`?2.5:1.5,...e.style===`dashed`?{dash:[6,4]}:{},points:{show:e.style===`marks`,size:7,fill:this.colour(e.colour)},spanGaps:!0})),...(e.over??af).flatMap(({ink:t})=>e.series.map(({style:e})=>({stroke:this.colour(t.colour),width:e===`marks`?2.5:1.5,dash:[...t.dash],points:{show:e===`marks`,size:6,fill:this.colour(`--panel`)},spanGaps:!0}))),...e.level===void 0?[]:[{stroke:this.colour(`--base`),width:1.5,dash:[2,4],points:{show:!1}}]]}}};function cf({series:e,rows:t,level:n,over:r=af}){let i=r.length===0?t.map(e=>e.step):Qd([t,...r.map(e=>e.rows)]),a=t=>e.map(({key:e})=>$d(i,t,e)),o=r.length===0?e.map(({key:e})=>t.map(t=>t[e]??null)):a(t),s=r.flatMap(e=>a(e.rows));return[i,...o,...s,...n===void 0?[]:[i.map(()=>n)]]}customElements.define(`metric-chart`,sf);function lf(e,t=[],n){let r=n=>Object.keys(e.series).map(e=>({key:e,colour:`--${n}`,style:t.includes(e)?`marks`:n===`discrete`?`dashed`:`line`}));return{words:e,series:{soft:r(`soft`),discrete:r(`discrete`)},...n===void 0?{}:{top:n}}}var uf=[],df=[lf(u.charts.reward,[`val/pass@1`],1),lf(u.charts.entropy),lf(u.charts.kl),lf(u.charts.length)];function ff(t,n){let{run:r,definitions:i}=t,a={run:r,definitions:i,over:Ct(t.tools).map(e=>({...e,name:ar(e.run)}))};return e`<div class="charts">
    ${df.map((e,t)=>pf(e,a,t===0?n:void 0))}
  </div>`}function pf({words:t,series:r,top:i},a,o){let{run:s,definitions:c}=a,l=le(s.method.objective),d=r[l],f=e=>e.some(e=>d.some(({key:t})=>e[t]!==void 0)),p=f(s.history),m=a.over.filter(e=>f(e.run.rows)),h=m.length>0?void 0:s.history.length===0?t.waiting:p?void 0:t.absent,g=p?s.history:uf,_=({key:e})=>t.series[e]??e;return e`
    <figure class="chart ${l}">
      <figcaption>
        <h3>${t.title}</h3>
        ${d.map(e=>hf(e,_(e),s,c))}
        ${o===void 0?n:e`<span class="latest level"
                ><span class="sign" aria-hidden="true"></span>${u.measure.guessing}
                <strong>${B(o)}</strong></span
              >`}
        ${m.map(e=>mf(e,d))}
        ${h===void 0?Al(t.title,()=>nf({title:t.title,xLabel:H.save.step,series:d.map(e=>({...e,name:_(e)})),rows:g,top:i,level:o===void 0?void 0:{name:u.measure.guessing,value:o},over:m})):n}
      </figcaption>
      <metric-chart
        aria-hidden="true"
        .data=${{series:d,rows:g,top:i,level:o,over:m.map(e=>({id:e.run.id,rows:e.run.rows,ink:e.ink}))}}
      ></metric-chart>
      ${h===void 0?n:e`<p class="waiting">${h}</p>`}
      <p class="quiet">${t.note}</p>
    </figure>
  `}function mf({run:t,ink:n,name:r},i){let a=i.map(({key:e})=>B(wt(t.rows,e)));return e`<span class="latest over">${au(n)}${r} <strong>${a.join(` · `)}</strong></span>`}function hf(t,n,r,i){let a=wt(r.history,t.key);return e`<span class="latest ${t.style}" title=${i[t.key]??``}
    ><span class="sign" aria-hidden="true"></span>${n} <strong>${B(a)}</strong></span
  >`}function gf({collapse:t},r){if(t===void 0)return n;let i=(t,n,r=!1)=>e`<button type="button" class=${r?`main`:`quiet-button`} @click=${n}>${t}</button>`;return e`<div class="banner problem collapse" role="alert" data-sign=${t.sign}>
    <p><strong>${u.collapse.title}</strong> ${t.message} <span class="quiet">${u.collapse.hint}</span></p>
    ${t.bestStep===void 0?n:i(u.collapse.back(t.bestStep),()=>{r.returnToBest()},!0)}
    ${i(u.collapse.on,()=>{r.resume()})}
    ${i(u.collapse.stop,()=>{r.stop()})}
  </div>`}function _f(e,t){let n=t===`most`?-1:+(t===`least`);return[...e].sort((e,t)=>n*(e.reward-t.reward))}var vf=[`step`,`reward`,`val/pass@1`,`entropy`,`kl`,`completions/mean_thought_length`];function yf(e){let t=new Set(e.flatMap(e=>Object.keys(e))),n=[...t].filter(e=>!vf.includes(e)).sort();return[...vf.filter(e=>t.has(e)),...n]}function bf({rows:e},t){wf(`${Ol(t)}.csv`,wn(e,yf(e)),`text/csv`)}function xf(e){let{name:t,task:n,method:r,steps:i,end:a,endedAt:o,engine:s,model:c,trainedBefore:l,config:u,rows:d}=e;return{name:t,task:n,method:r,steps:i,end:a,ended_at:new Date(o).toISOString(),engine:s,model:c,trained_before:l,config:u,metrics:d}}function Sf(e,t){wf(`${Ol(t)}.json`,`${JSON.stringify(xf({...e,name:t}),null,1)}\n`,`application/json`)}function Cf(e,t,n){let r=JSON.stringify({step:e,config:t??null,samples:n},null,1);wf(`samples-step-${e}.json`,`${r}\n`,`application/json`)}function wf(e,t,n){ur(e,new Blob([t],{type:n}))}var Tf=H.samples,Ef={asked:`most`,most:`least`,least:`asked`},Df={asked:`none`,most:`descending`,least:`ascending`},Of={asked:`↕`,most:`↓`,least:`↑`};function kf({samplesAsTable:t},n,r){let i=(n,i)=>e`<button
      type="button"
      aria-pressed=${t===n?`true`:`false`}
      @click=${()=>{r.showSamples({samplesAsTable:n})}}
    >
      ${i}
    </button>`;return e`<div class="samples-how">
    <div class="switch" role="group" aria-label=${Tf.how}>
      ${i(!1,Tf.strips)}${i(!0,Tf.table)}
    </div>
    <button
      type="button"
      @click=${()=>{let{step:e,samples:t}=Bt(n);Cf(e,n.config,t)}}
    >
      ${H.save.samples}
    </button>
  </div>`}function Af({sampleOrder:t},r,i){let{samples:a}=Bt(r),o=a.some(({audit:e})=>e!==void 0),{columns:s}=Tf;return e`<div class="scroll tall" tabindex="0" role="region" aria-label=${Tf.caption}>
    <table class="sample-table">
      <caption class="unseen">
        ${Tf.caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">${s.question}</th>
          <th scope="col">${s.completion}</th>
          <th scope="col">${s.answer}</th>
          <th scope="col">${s.expected}</th>
          <th scope="col" class="number" aria-sort=${Df[t]}>
            <button
              type="button"
              class="sort"
              title=${Tf.sort[t]}
              @click=${()=>{i.showSamples({sampleOrder:Ef[t]})}}
            >
              ${s.reward} <span aria-hidden="true">${Of[t]}</span>
            </button>
          </th>
          <th scope="col" class="number">${s.advantage}</th>
          ${o?e`<th scope="col" class="number" title=${u.audit.define}>${u.audit.column}</th>`:n}
        </tr>
      </thead>
      <tbody>
        ${_f(a,t).map(e=>jf(e,o))}
      </tbody>
    </table>
  </div>`}function jf({question:t,text:r,answer:i,expected:a,reward:o,advantage:s,audit:c},l){let d=c!==void 0&&c<o;return e`<tr>
    <th scope="row" class="token">${t}</th>
    <td class="token completion">${r}</td>
    <td class="token">${i??u.think.none}</td>
    <td class="token">${a}</td>
    <td class="number">${B(o)}</td>
    <td class="number">${V(s)}</td>
    ${l?e`<td class="number ${d?`off`:``}">${B(c)}</td>`:n}
  </tr>`}var Mf=2.5,Nf=[`--soft`,`--soft-1`,`--soft-2`,`--soft-3`,`--soft-3`];function Pf({run:t,tools:r},i,a){let o=Vt(t),s=o[t.group]??o[0];return e`
    <section class="samples" aria-labelledby="samples-title">
      <header>
        <h3 id="samples-title">${u.samples.title}</h3>
        ${s===void 0?n:e`<p class="quiet">${Ff(t)}</p>`}
      </header>
      ${s===void 0?e`<p class="empty">${u.samples.empty}</p>`:e`${kf(r,t,a)}
            ${r.samplesAsTable?Af(r,t,a):e`${Rf(o,t,i)}
                    <div class="group">${zf(s,t,i)}${Uf(s,t,i)}</div>`}`}
    </section>
  `}function Ff(e){let{step:t}=Bt(e);return e.held===void 0?u.samples.step(t):u.samples.held(t)}function If({config:e={}}){let{scale_rewards:t=`group`,baseline:n=`group_mean`}=e;return t===`group`&&n===`group_mean`}function Lf(e){return e.filter(e=>e.reward>=1).length}function Rf(t,n,r){return e`
    <div class="picker" role="group" aria-label=${u.samples.pick}>
      ${t.map((t,i)=>e`<button
            type="button"
            class="pick"
            aria-pressed=${i===n.group?`true`:`false`}
            @click=${()=>{r.pickGroup(i)}}
          >
            <span class="token">${t[0]?.question??``}</span>
            <span class="quiet">${u.samples.rightOf(Lf(t),t.length)}</span>
          </button>`)}
    </div>
  `}function zf(t,r,i){let a=t.every(e=>e.reward===t[0]?.reward);return e`
    <div class="tries">
      <p>${u.samples.expected} <strong class="token">${t[0]?.expected??``}</strong></p>
      <ol>
        ${t.map((e,t)=>Bf(e,t,r,i))}
      </ol>
      ${t.some(({audit:e})=>e!==void 0)?e`<p class="quiet">${u.audit.define}</p>`:n}
      <p class="quiet">
        ${a?u.samples.same:`${u.samples.advantage}: ${If(r)?u.samples.advantageHint:u.samples.advantageUnscaled}`}
      </p>
    </div>
  `}function Bf(t,r,i,a){let o=i.openSample===r,s=t.reward>=1,c=Math.max(-1,Math.min(1,t.advantage/(If(i)?Mf:1))),l=c<0?`right:50%;width:${-c*50}%`:`left:50%;width:${c*50}%`,d=t.steps.filter(e=>e.phase===`think`&&!Sn(e.token)),f=d.map(e=>Cn(e.token)).join(``),p=t.answer??u.think.none,{audit:m}=t,h=m===void 0?``:`, ${u.audit.of(B(m))}`;return e`
    <li>
      <button
        type="button"
        class="sample"
        aria-pressed=${o?`true`:`false`}
        @click=${()=>{a.openSample(r)}}
      >
        <span class="unseen"
          >${u.samples.label(r+1,f,p,B(t.reward),V(t.advantage))+h}</span
        >
        <span
          aria-hidden="true"
          class="dot ${s?`good`:`off`}"
          title="${u.samples.reward} ${B(t.reward)}"
          >${s?`✓`:`✗`}</span
        >
        <span class="mini" aria-hidden="true"
          >${d.map(e=>Vf(e,le(i.method.objective)))}</span
        >
        <span class="token answer" aria-hidden="true">${u.samples.arrow} ${p}</span>
        ${m===void 0?n:e`<span class="audit ${m<t.reward?`off`:``}" aria-hidden="true" title=${u.audit.define}>${u.audit.short(B(m))}</span>`}
        <span class="advantage" aria-hidden="true" title="${u.samples.advantage} ${V(t.advantage)}"
          ><span class=${c<0?`less`:`more`} .style=${l}></span
        ></span>
        <span class="number" aria-hidden="true">${V(t.advantage)}</span>
      </button>
    </li>
  `}function Vf(t,n){let r=Md(t,n);return e`<span class="mini-column ${r?`blend`:`single`}"
    ><span .style=${r?`background:${Hf(j(t))}`:``}></span>${Cn(t.token)}</span
  >`}function Hf(e){let t=0;return`linear-gradient(to top,${e.slice(0,Nf.length).map(({weight:e},n)=>{let r=t;return t+=Math.max(0,e)*100,`var(${Nf[n]??`--soft-3`}) ${r.toFixed(1)}% ${t.toFixed(1)}%`}).join()},var(--line) ${t.toFixed(1)}%)`}function Uf(t,r,i){let a=r.openSample,o=a===void 0?void 0:t[a];if(a===void 0||o===void 0)return e`<p class="opened empty">${u.samples.openHint}</p>`;let s=le(r.method.objective),c=o.steps[r.openStep];return e`
    <section class="opened thought ${s}" aria-label=${u.samples.open(a+1)}>
      <header>
        <h4><span class="sign" aria-hidden="true"></span>${u.samples.open(a+1)}</h4>
        <button
          type="button"
          class="quiet-button"
          @click=${()=>{i.openSample(a)}}
        >
          ${u.samples.follow}
        </button>
        <p class="quiet">
          ${u.think.answer} <strong class="token">${o.answer??u.think.none}</strong> · ${u.samples.reward}
          ${B(o.reward)}${o.audit===void 0?``:` · ${u.audit.of(B(o.audit))}`} ·
          ${u.samples.advantage} ${V(o.advantage)} · ${Wf(o,s)}
        </p>
      </header>
      <div class="thoughts">
        ${jd({kind:s,steps:o.steps,label:u.samples.open(a+1),selected:r.openStep,onSelect:e=>{i.openStep(e)}})}
      </div>
      ${c===void 0?n:_d({...c,step:r.openStep,soft:Md(c,s)},fe(r),u.samples.open(a+1))}
    </section>
  `}function Wf(e,t){let n=e.steps.filter(e=>Md(e,t));if(n.length===0)return u.think.steps(e.steps.filter(e=>e.phase===`think`&&!Sn(e.token)).length);let r=n.reduce((e,t)=>e+(j(t)[0]?.weight??0),0)/n.length;return u.samples.leading(mn(r))}function Gf(e){return[...new Set(e.flatMap(e=>Object.keys(e)))].sort().flatMap(t=>{let n=e.map(e=>e[t]);return new Set(n.map(e=>JSON.stringify(e))).size<2?[]:[{key:t,values:n}]})}function Kf(e,t){return Object.keys(e).sort().filter(n=>JSON.stringify(t?.[n])!==JSON.stringify(e[n])).map(n=>({key:n,values:[t?.[n],e[n]]}))}var qf=H.diff;function Jf(t){let{kept:r=[],shown:i}=t.tools,a=i.flatMap(e=>r.find(t=>t.id===e)??[]);if(a.length<2)return n;let o=Gf(a.map(({config:e})=>e));return e`<section class="diff">
    <h4>${qf.runs}</h4>
    ${o.length===0?e`<p class="empty">${qf.same}</p>`:Zf(qf.runs,a.map(e=>ar(e)),o)}
  </section>`}function Yf(t){let{method:n,presets:r,settings:i}=t,a=Rt(t),o=r.methods.find(({name:e})=>e===n.preset)?.config,s=Se(n.objective),c=Kf(Object.fromEntries(Object.entries(oe(i)).filter(([e])=>s.includes(e))),a?.config??o??Xf(t));return e`<section class="diff">
    <h4>${qf.mine}</h4>
    ${c.length===0?e`<p class="empty">${qf.unchanged}</p>`:Zf(qf.mine,[qf.preset(a?.title??bn(n)),qf.yours],c)}
  </section>`}function Xf({run:e,method:t,tools:{kept:n=[]}}){let r=n.find(e=>e.method.preset===void 0&&e.method.objective===t.objective&&e.arm===void 0&&Object.keys(oe(e.settings)).length===0);return t.preset===void 0&&e.method.objective===t.objective?r?.config:void 0}function Zf(t,n,r){return e`<div class="scroll" tabindex="0" role="region" aria-label=${t}>
    <table>
      <caption class="unseen">
        ${t}
      </caption>
      <thead>
        <tr>
          <th scope="col">${qf.setting}</th>
          ${n.map(t=>e`<th scope="col">${t}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${r.map(({key:t,values:n})=>e`<tr>
              <th scope="row" class="token">${t}</th>
              ${n.map(t=>e`<td class="token">${Qf(t)}</td>`)}
            </tr>`)}
      </tbody>
    </table>
  </div>`}function Qf(e){return e===void 0?qf.absent:typeof e==`string`?e:JSON.stringify(e)}var $f=H.history;function ep(t,r){let{kept:i=[],problem:a,shown:o}=t.tools;return e`
    <section class="history" aria-labelledby="history-title">
      <header>
        <h3 id="history-title">${$f.title}</h3>
        <p class="quiet">${i.length===0?$f.empty:$f.lead}</p>
      </header>
      ${a===void 0?n:e`<p class="remark">${$f.notKept(a)}</p>`}
      ${i.length===0?n:e`${tp(i,t,r)}
              <p class="quiet">
                ${$f.bounds(24,$n)} ${o.length<xt?n:$f.full(xt)}
              </p>
              ${Jf(t)}`}
    </section>
  `}function tp(t,n,r){let{columns:i}=$f,a=[`steps`,`seed`,`reward`,`pass`];return e`<div class="scroll tall" tabindex="0" role="region" aria-label=${$f.table}>
    <table>
      <thead>
        <tr>
          ${Object.entries(i).map(([t,n])=>n===``?e`<td></td>`:e`<th scope="col" class=${a.includes(t)?`number`:``}>${n}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${t.map(e=>np(e,n,r))}
      </tbody>
    </table>
  </div>`}function np(t,r,i){let{tools:a,tasks:o}=r,s=ar(t),c=a.shown.includes(t.id),l=a.current===t.id,{seed:u}=t.config;return e`<tr>
    <td>
      <label class="lay">
        <input
          type="checkbox"
          name="history-show"
          aria-label=${$f.show(s)}
          .checked=${c}
          ?disabled=${!c&&a.shown.length>=xt}
          @change=${()=>{i.toggle(t.id)}}
        />
        ${l?e`<span class="quiet">${$f.here}</span>`:au(St(a,t.id))}
      </label>
    </td>
    <th scope="row">
      ${a.renaming===t.id?ip(t,s,i):s}
      ${t.trainedBefore===0?n:e`<span class="quiet">${$f.trainedBefore(t.trainedBefore)}</span>`}
    </th>
    <td>${o.find(e=>e.name===t.task)?.title??t.task}</td>
    <td>${bn(t.method)}</td>
    <td class="number">${t.end===`finished`?t.steps:$f.stopped(t.steps)}</td>
    <td class="number">${typeof u==`number`?u:`–`}</td>
    <td class="number">${B(wt(t.rows,`reward`))}</td>
    <td class="number">${B(wt(t.rows,`val/pass@1`))}</td>
    <td>${_n(Date.now()-t.endedAt)}</td>
    <td><div class="row-buttons">${rp(t,s,r,i)}</div></td>
  </tr>`}function rp(t,n,r,i){let a=L(r.run)||r.progress!==void 0||r.model===void 0,o=(t,r,i=!1)=>e`<button type="button" title=${i?$f.busy:``} ?disabled=${i} @click=${r}>
      ${t}<span class="unseen"> ${n}</span>
    </button>`;return e`
    ${o($f.use,()=>i.use(t),a)}
    ${o($f.rename,()=>{i.startRenaming(r.tools.renaming===t.id?void 0:t.id)})}
    ${kl(n,[{words:H.save.csv,save:()=>{bf(t,n)}},{words:H.save.json,save:()=>{Sf(t,n)}}])}
    ${o($f.remove,()=>i.remove(t.id))}
  `}function ip(t,n,r){return e`<form
    class="rename"
    @submit=${e=>{e.preventDefault();let n=e.target.elements.namedItem(`run-name`);r.rename(t.id,n.value)}}
    @keydown=${e=>{e.key===`Escape`&&r.startRenaming(void 0)}}
  >
    <input
      name="run-name"
      maxlength="80"
      autocomplete="off"
      aria-label="${$f.newName}: ${n}"
      .value=${t.name}
      placeholder=${n}
    />
    <button type="submit">${$f.keep}</button>
  </form>`}var ap=[`soft_grpo`,`grpo`];function op(t,n){let{methods:r}=t.presets,{method:i}=t,a=(t,n,r)=>e`<option value=${n} .selected=${t.preset===i.preset&&t.objective===i.objective}>
      ${r}
    </option>`;return e`
    <label class="method foldable">
      ${u.train.objective}
      <select name="method" aria-describedby="method-text" ?disabled=${L(t.run)} @change=${e=>{let{value:t}=e.target,i=r.find(({name:e})=>`preset ${e}`===t);n.change({method:i===void 0?{objective:ce({objective:t})}:N(i)})}}>
        <optgroup label=${u.train.ownMethods}>
          ${ap.map(e=>a({objective:e},e,u.train.ownMethod(u.train.objectives[e],u.train.objectiveHints[e])))}
        </optgroup>
        ${M.map(t=>{let n=r.filter(({config:e})=>ce(e)===t);return e`<optgroup label=${u.train.methodGroups[t]}>
            ${n.map(e=>a(N(e),`preset ${e.name}`,e.name))}
          </optgroup>`})}
      </select>
    </label>
    <p class="method-text foldable quiet" id="method-text">${sp(t)}</p>
  `}function sp({method:e,presets:t}){let n=t.methods.find(({name:t})=>t===e.preset);return n===void 0?e.objective===`grpo`?u.train.ownMethodText.grpo:u.train.ownMethodText.soft_grpo:n.text}var cp=`training`;function lp(t){let{history:n}=t.run;return e`
    <details class="numbers">
      <summary>${u.numbers.title}</summary>
      ${n.length===0?e`<p class="empty">${u.numbers.empty}</p>`:up(n,t)}
    </details>
  `}function up(t,n){let{definitions:r}=n,i=yf(t),a=t.slice(-50).reverse();return e`
    <p>
      <button
        type="button"
        class="quiet-button"
        @click=${()=>{bf({rows:[...t]},cp)}}
      >
        ${u.numbers.csv}
      </button>
      <button
        type="button"
        class="quiet-button"
        @click=${()=>{Sf({...nr(n),rows:[...t]},cp)}}
      >
        ${u.numbers.json}
      </button>
      <span class="quiet">${u.numbers.shown(a.length,t.length)}</span>
    </p>
    <div class="scroll tall" tabindex="0" role="region" aria-label=${u.numbers.title}>
      <table>
        <thead>
          <tr>
            ${i.map(t=>e`<th scope="col" class="number" title=${r[t]??``}>${t}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${a.map(t=>e`<tr>
                ${i.map(n=>e`<td class="number">${B(t[n])}</td>`)}
              </tr>`)}
        </tbody>
      </table>
    </div>
  `}function dp(t,r){let{run:i,method:a,presets:o}=t,s=i.method.preset===a.preset&&i.method.objective===a.objective,c=Rt(t)?.config??(s?i.config:o.methods.find(e=>e.name===a.preset)?.config),{objective:l}=a,d=e=>e.map(e=>fp(e,c,t,r));return e`
    <details class="settings">
      <summary>${u.train.settings}</summary>
      <p class="quiet">${u.train.settingsHint}</p>
      <div class="fields">${d(be(l))}</div>
      <details class="every-setting">
        <summary>${H.settings.every}</summary>
        <p class="quiet">${H.settings.everyHint}</p>
        ${he.map(t=>e`<fieldset>
              <legend>${H.settings.groups[t]}</legend>
              <div class="fields">${d(xe(l,t))}</div>
            </fieldset>`)}
      </details>
      ${Yf(t)}
      ${i.config===void 0?n:e`<h3>${u.train.inEffect}</h3>
              <pre class="scroll" tabindex="0" role="region" aria-label=${u.train.inEffect}>
${JSON.stringify(i.config,null,1)}</pre>`}
    </details>
  `}function fp(t,n,r,i){let a=n?.[t],o=typeof a==`number`?pn(a):a==null?u.train.default:JSON.stringify(a).replaceAll(`"`,``),s=r.settings[t]??``,c=e=>{i.set(t,e.target.value)},l=ve[t],d=L(r.run);return e`<label>
    <span class="token">${t}</span>
    ${l===void 0?e`<input
            name=${t}
            inputmode="decimal"
            autocomplete="off"
            ?disabled=${d}
            placeholder=${o}
            .value=${Nr(s)}
            @change=${c}
          />`:e`<select name=${t} ?disabled=${d} @change=${c}>
            <option value="" .selected=${s===``}>${H.settings.left(o)}</option>
            ${l.map(t=>e`<option value=${t} .selected=${t===s}>${t}</option>`)}
          </select>`}
  </label>`}var pp=[30,60,120,300,1e3,void 0];function mp(t,r,i,a){let{run:o}=t;return e`
    <section class="panel train" aria-labelledby="train-title">
      <header>
        <h2 id="train-title">${u.train.title}</h2>
        <p>${u.train.lead}</p>
      </header>
      ${gp(t,r,i)} ${_p(t,r)} ${gf(o,i)}
      <p class="status">${xp(t)}</p>
      ${o.remark===void 0?n:e`<p class="remark">${o.remark.text} ${u.train.skipped(o.remark.skipped)}</p>`}
      ${ff(t,hp(t))} ${Pf(t,i,a)} ${ep(t,a)}
      ${dp(t,i)} ${lp(t)}
    </section>
  `}function hp(e){let t=e.tasks.find(t=>t.name===e.task),n=e.difficulty??t?.default_difficulty;if(t?.default_difficulty===n&&t!==void 0)return 1/t.guess_space}function gp(t,n,r){let i=L(t.run),{stepsWanted:a}=t,o=pp.includes(a)?pp:[a,...pp];return e`
    ${md(n,t,`train`,`${bn(t.method)} · ${a??u.train.untilStopped}`)}
    <div class="controls">
      ${t.presets.methods.length===0?vp(t,n):op(t,n)}
      <label class="steps foldable">
        ${u.train.steps}
        <select
          name="steps"
          ?disabled=${i}
          @change=${e=>{let{value:t}=e.target;n.change({stepsWanted:t===``?void 0:Number(t)})}}
        >
          ${o.map(t=>e`<option value=${t??``} .selected=${t===a}>
                ${t??u.train.untilStopped}
              </option>`)}
        </select>
      </label>
      <div class="buttons">${bp(t,r)}</div>
    </div>
  `}function _p(t,r){let i=Rt(t);return i===void 0?n:e`<div class="set-up">
    <p>${u.results.setUp(i.title,i.seed)}</p>
    <button
      type="button"
      class="quiet-button"
      ?disabled=${L(t.run)}
      @click=${()=>{r.change({arm:void 0})}}
    >
      ${u.results.usual}
    </button>
  </div>`}function vp(t,n){return e`<fieldset class="foldable" ?disabled=${L(t.run)}>
    <legend>${u.train.objective}</legend>
    ${[`soft_grpo`,`grpo`].map(e=>yp(e,t,n))}
  </fieldset>`}function yp(t,n,r){return e`
    <label class="choice ${t===`grpo`?`discrete`:`soft`}">
      <input
        type="radio"
        name="objective"
        value=${t}
        .checked=${n.method.objective===t}
        @change=${()=>{r.change({method:{objective:t}})}}
      />
      <span><strong>${u.train.objectives[t]}</strong> ${u.train.objectiveHints[t]}</span>
    </label>
  `}function bp(t,n){let{phase:r}=t.run,i=(t,n,r,i,a=!1)=>e`<button type="button" class=${i?`main`:`quiet-button`} ?disabled=${a} @click=${r}>
      <span aria-hidden="true">${n}</span> ${t}
    </button>`,a=i(u.train.stop,`■`,()=>{n.stop()},!1);switch(r){case`starting`:case`running`:return e`${i(u.train.pause,`❚❚`,()=>{n.pause()},!0,r===`starting`)}${a}`;case`pausing`:return e`${i(u.train.pausing,`❚❚`,()=>void 0,!0,!0)}${a}`;case`paused`:return e`${i(u.train.resume,`▶`,()=>{n.resume()},!0)}${a}`;case`collapsed`:return e``;default:return i(u.train.start,`▶`,()=>void n.start(),!0,t.model===void 0||t.progress!==void 0)}}function xp(t){let{run:n}=t;switch(n.phase){case`idle`:return t.model===void 0?u.train.needModel:u.train.idle;case`starting`:return u.train.starting;case`running`:case`pausing`:return e`${Cp(n)}${Sp(n)}
        <span class="quiet">${n.saved??``} ${u.train.hidden}</span>`;case`paused`:return e`${u.train.paused(n.step)} <span class="quiet">${n.saved??``}</span>`;case`collapsed`:return u.collapse.waiting(n.step);case`finished`:return e`${u.train.done(n.step)} <span class="quiet">${n.saved??``}</span>`;case`stopped`:return e`${u.train.stopped(n.step)} <span class="quiet">${n.saved??``}</span>`}}function Sp(e){let{step:t,stepsMax:n,secondsPerStep:r}=e,i=r===void 0?`–`:gn(r),a=u.train.running(t,n===void 0?``:u.train.of(n),i);return n===void 0||r===void 0||t>=n?a:a+u.train.left(gn((n-t)*r))}function Cp(t){return t.stepsMax===void 0?n:e`<progress max=${t.stepsMax} value=${t.step} aria-label=${u.train.steps}></progress>`}function wp(t,r){let{store:i,session:a,trainer:o,measurer:s,own:c,results:l,trial:d,runs:f,presets:p}=r;return e`
    <a class="skip" href="#think-title" @click=${Tp}>${u.skip}</a>
    ${Ep(t,r)}
    <main>
      ${Dp(t,r)} ${Xl(t,p)} ${Hd(t,i,a,s)}
      ${t.stage<1?n:mp(t,i,o,f)}
      ${t.stage<2?n:e`<div class="pair">${Pl(t,s)} ${Bl(t,a)}</div>
              ${Wl(t,c)} ${qu(t,l,d)}`}
    </main>
    <footer>
      <p>
        ${u.name}${t.version===``?``:` · ${u.engine.version(t.version)}`} · ${u.engine.label}:
        ${t.engine===void 0?u.engine.starting:t.engine.name}
      </p>
      <p>${u.privacy}</p>
    </footer>
    <p class="unseen" aria-live="polite" id="live">${t.announcement}</p>
    ${t.keysShown?jp(i):n}
    ${t.dropping?e`<div class="dropping" aria-hidden="true">${u.model.dropping}</div>`:n}
  `}function Tp(e){e.preventDefault(),document.querySelector(`.prompt`)?.focus()}function Ep(t,{store:n,session:r}){return e`
    <header class="heading">
      <h1>${u.name}</h1>
      <div class="tools">
        ${Vr(t,n,r)}
        <button
          type="button"
          class="icon"
          aria-label="${u.theme.label}: ${c()}"
          title="${u.theme.label}: ${c()}"
          @click=${()=>{d(),n.change({})}}
        >
          ◐
        </button>
        ${ed(n)}
        <button
          type="button"
          class="icon"
          aria-label=${u.keys.button}
          title=${u.keys.button}
          @click=${()=>{n.change({keysShown:!0})}}
        >
          ?
        </button>
      </div>
      ${o(`lab`)}
      <p>${u.lead} <span class="quiet">${u.privacy}</span></p>
    </header>
  `}function Dp(t,r){let{store:i,session:a,trainer:o,trial:s,site:c}=r,{progress:l}=t;return e`
    ${Op(t,r)} ${kp(t,i)} ${od(t,i,c)}
    ${t.site.held?ad(t,a):n}
    ${l===void 0?n:Ap(t,a)} ${rd(t,a,o)}
    ${t.model===void 0?n:Iu(t,s)}
  `}function Op(t,{store:r,session:i,trainer:a}){let{problem:o,engine:s,engineChoice:c}=t;if(o===void 0)return n;let{code:l,message:d,note:f,again:p}=o,m=(t,n)=>e`<button type="button" class="quiet-button" @click=${n}>${t}</button>`,h=Mt(l)&&(l===`device-lost`||s?.kind===`gpu`);return e`<div class="banner problem" role="alert" data-code=${l}>
    <p>
      <strong>${u.problem.title[l]??u.problem.other}</strong>
      ${f===void 0?d:`${d.replace(/[^.!?]$/,`$&.`)} ${f}`}
      <span class="quiet">(${l})</span>
    </p>
    ${l===`crashed`?m(u.failures.openNew,()=>a.reopen()):n}
    ${p===!0?m(u.failures.again,()=>i.tryAgain()):n}
    ${h&&c!==`cpu`&&!L(t.run)?m(u.engine.useCpu,()=>i.chooseEngine(`cpu`)):n}
    ${m(u.dismiss,()=>{r.change({problem:void 0})})}
  </div>`}function kp({notice:t},r){return t===void 0?n:e`<div class="banner notice">
    <p>${t}</p>
    <button
      type="button"
      class="quiet-button"
      @click=${()=>{r.change({notice:void 0})}}
    >
      ${u.dismiss}
    </button>
  </div>`}function Ap(t,r){let{progress:i}=t;if(i===void 0)return n;let{phase:a,loaded:o,total:s}=i,c=s>0?u.progress.of(hn(s)):``,l=a===`engine`?u.progress.engine(hn(o),c):a===`model`?u.progress.model(hn(o),c):a===`read`?u.progress.read:a===`compile`?u.progress.compile(o,s):u.progress.open;return e`<div class="banner loading">
    <p>${l}</p>
    ${s>0?e`<progress max=${s} value=${o} aria-label=${l}></progress>`:e`<progress aria-label=${l}></progress>`}
    <button
      type="button"
      class="quiet-button"
      @click=${()=>{r.cancelLoading()}}
    >
      ${u.cancel}
    </button>
    ${t.model===void 0?Kr(t):n}
  </div>`}function jp(t){let n=()=>{t.change({keysShown:!1})};return e`
    <div class="shade" @click=${n}>
      <section
        class="panel keys"
        role="dialog"
        aria-modal="true"
        aria-labelledby="keys-title"
        @click=${e=>{e.stopPropagation()}}
      >
        <h2 id="keys-title">${u.keys.title}</h2>
        <dl>
          ${u.keys.rows.map(([t,n])=>e`<div>
                <dt><kbd>${t}</kbd></dt>
                <dd>${n}</dd>
              </div>`)}
        </dl>
        <button type="button" class="quiet-button" autofocus @click=${n}>${u.close}</button>
      </section>
    </div>
  `}var Mp=Wp(),$=new Ft,Np=new pr($),Pp=new br($,Np),Fp=new Vn($,Np),Ip=new kn($,Np),Lp=new an($,Np),Rp=new Tr($,Np,Fp),zp=new An($),Bp=new er($,Np),Vp={store:$,session:Np,trainer:Pp,measurer:Ip,own:Lp,results:Fp,trial:Rp,site:zp,runs:Bp,presets:new In($,Np,Bp)},Hp=!0;function Up(){Hp=!0,i(wp($.state,Vp),Mp),document.title=Gp($.state);let e=un(ze({...$.state,theme:l()},R(location.hash)),z);e!==location.hash&&history.replaceState(null,``,e)}$.listen(()=>{Hp&&(Hp=!1,document.hidden?setTimeout(Up,250):requestAnimationFrame(Up))}),document.addEventListener(`visibilitychange`,()=>{$.change({}),Hp||Up()});function Wp(){let e=document.querySelector(`#page`);if(e===null)throw Error(`the page lacks #page`);return e}function Gp(e){let{run:t}=e,n=B(t.history.at(-1)?.reward),r=t.phase===`running`||t.phase===`pausing`?u.title.training(t.step,n):t.phase===`paused`||t.phase===`collapsed`?u.title.paused(t.step):e.progress===void 0?e.thinking?u.title.thinking:void 0:u.title.loading;return r===void 0?u.name:`${r} · ${u.name}`}document.addEventListener(`keydown`,e=>{e.key===`Escape`&&($.change({keysShown:!1}),Gr($));let t=e.target instanceof Element&&e.target.closest(`input, select, textarea, button, summary`)!==null;e.ctrlKey||e.metaKey||e.altKey||(e.key===`?`&&!(e.target instanceof HTMLInputElement)&&$.change({keysShown:!$.state.keysShown}),t||(e.key===` `&&(e.preventDefault(),Pp.toggle()),e.key===`t`&&Np.thoughts.think(),e.key===`n`&&Np.questions.next()))}),addEventListener(`hashchange`,()=>{let{run:e,trainedSteps:t,ownModel:n}=$.state;L(e)||t>0||n?$.change({notice:u.link.notOpened}):location.reload()}),document.addEventListener(`pointerdown`,e=>{e.target instanceof Element&&e.target.closest(`#engine`)===null&&Gr($)}),document.addEventListener(`lose-device`,()=>{Np.loseDevice()});function Kp(e){return e.dataTransfer?.types.includes(`Files`)??!1}document.addEventListener(`dragover`,e=>{Kp(e)&&(e.preventDefault(),$.state.dropping||$.change({dropping:!0}))}),document.addEventListener(`dragleave`,e=>{e.relatedTarget===null&&$.change({dropping:!1})}),document.addEventListener(`drop`,e=>{if(!Kp(e))return;e.preventDefault(),$.change({dropping:!1});let t=e.dataTransfer?.files[0];t!==void 0&&Np.loadFile(t)}),p(),dn(ln(location.hash));var{found:qp,ignored:Jp}=Re(location.hash),{theme:Yp,...Xp}=qp;Yp!==void 0&&s(Yp),$.change({...Xp,...Jp.length>0?{notice:u.link.ignored(Jp.join(`, `))}:{}}),Up();var{saveData:Zp=!1}=navigator.connection??{};(Zp?Np.hold():Promise.resolve()).then(async()=>{await Np.open(),await Rp.look(),await zp.keep()}),Bp.open(),setTimeout(()=>{$.change({stage:1}),setTimeout(()=>{$.change({stage:2})},50)},50);export{dn as a,$t as c,L as d,Re as f,ln as i,Yt as l,Mp as n,z as o,ze as p,cn as r,un as s,Vp as t,Kt as u};