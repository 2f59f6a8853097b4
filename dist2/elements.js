var bt="soft-thinking-lab:";function Ue(n){return typeof n=="object"&&n!==null&&"type"in n&&typeof n.type=="string"&&n.type.startsWith(bt)}function qe(n,e={}){let{autoHeight:t=!0}=e,s=()=>new URL(n.src,n.ownerDocument.baseURI).origin,i=[],r=!1,o=h=>{r?n.contentWindow?.postMessage(h,s()):i.push(h)},l=()=>{n.contentWindow?.postMessage({type:"soft-thinking-lab:hello"},s())},d=h=>{if(!(h.source===null||h.source!==n.contentWindow||h.origin!==s())&&Ue(h.data)){r=!0;for(let f of i.splice(0))o(f);u(h.data)}},u=h=>{switch(h.type){case"soft-thinking-lab:height":t&&(n.style.height=`${h.height}px`),e.onHeight?.(h.height);break;case"soft-thinking-lab:ready":e.onReady?.(h);break;case"soft-thinking-lab:metrics":e.onMetrics?.(h);break;case"soft-thinking-lab:run":e.onRun?.(h);break;case"soft-thinking-lab:thought":e.onThought?.(h);break;case"soft-thinking-lab:error":e.onError?.(h);break}},{defaultView:c}=n.ownerDocument;return c?.addEventListener("message",d),n.addEventListener("load",l),n.contentDocument?.URL!=="about:blank"&&l(),{set:h=>{o({type:"soft-thinking-lab:set",state:h})},think:h=>{o({type:"soft-thinking-lab:think",...h===void 0?{}:{question:h}})},train:h=>{o({type:"soft-thinking-lab:train",...h===void 0?{}:{steps:h}})},pause:()=>{o({type:"soft-thinking-lab:pause"})},stop:()=>{o({type:"soft-thinking-lab:stop"})},disconnect:()=>{c?.removeEventListener("message",d),n.removeEventListener("load",l)}}}var He=["task","difficulty","question","seed","policy","engine","hide","theme"],yt=["base","label"],je,$t=globalThis.HTMLElement??Object,J=class extends $t{static observedAttributes=[...He,...yt];#t;#e;connectedCallback(){let e=this.shadowRoot??this.attachShadow({mode:"open"});e.adoptedStyleSheets=[xt()];let t=this.getAttribute("base")??je;if(t===void 0){e.textContent=`<soft-thinking-lab> does not know where the lab is. Give it the address of a lab's site: base="https://\u2026/".`;return}let s=this.ownerDocument.createElement("iframe"),i=new URL("embed.html",new URL(t,this.ownerDocument.baseURI));i.hash=new URLSearchParams(this.#n()).toString(),s.src=i.href,s.title=this.getAttribute("label")??"Soft Thinking Lab",s.loading="lazy",e.replaceChildren(s),this.#t=s;let r=o=>l=>{this.dispatchEvent(new CustomEvent(`lab-${o}`,{detail:l}))};this.#e=qe(s,{onReady:r("ready"),onMetrics:r("metrics"),onRun:r("run"),onThought:r("thought"),onError:r("error"),onHeight:r("height")})}disconnectedCallback(){this.#e?.disconnect(),this.#e=void 0,this.#t=void 0,this.shadowRoot?.replaceChildren()}attributeChangedCallback(e,t,s){this.#t!==void 0&&(e==="base"?(this.disconnectedCallback(),this.connectedCallback()):e==="label"?this.#t.title=s??"Soft Thinking Lab":this.#e?.set({[e]:s??""}))}set(e){this.#e?.set(e)}think(e){this.#e?.think(e)}train(e){this.#e?.train(e)}pause(){this.#e?.pause()}stop(){this.#e?.stop()}#n(){let e={};for(let t of He){let s=this.getAttribute(t);s!==null&&(e[t]=s)}return e}},Z;function xt(){return Z===void 0&&(Z=new CSSStyleSheet,Z.replaceSync(":host { display: block; } :host([hidden]) { display: none; }iframe { display: block; width: 100%; height: 640px; border: 0; }")),Z}function De(n){/^https?:.*\/elements\.js$/.test(n)&&(je=new URL("./",n).href);let e=globalThis.customElements;e!==void 0&&e.get("soft-thinking-lab")===void 0&&e.define("soft-thinking-lab",J)}var Y=globalThis,Q=Y.ShadowRoot&&(Y.ShadyCSS===void 0||Y.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,be=Symbol(),Ie=new WeakMap,I=class{constructor(e,t,s){if(this._$cssResult$=!0,s!==be)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,t=this.t;if(Q&&e===void 0){let s=t!==void 0&&t.length===1;s&&(e=Ie.get(t)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),s&&Ie.set(t,e))}return e}toString(){return this.cssText}},ze=n=>new I(typeof n=="string"?n:n+"",void 0,be),x=(n,...e)=>{let t=n.length===1?n[0]:e.reduce((s,i,r)=>s+(o=>{if(o._$cssResult$===!0)return o.cssText;if(typeof o=="number")return o;throw Error("Value passed to 'css' function must be a 'css' function result: "+o+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(i)+n[r+1],n[0]);return new I(t,n,be)},Be=(n,e)=>{if(Q)n.adoptedStyleSheets=e.map(t=>t instanceof CSSStyleSheet?t:t.styleSheet);else for(let t of e){let s=document.createElement("style"),i=Y.litNonce;i!==void 0&&s.setAttribute("nonce",i),s.textContent=t.cssText,n.appendChild(s)}},ye=Q?n=>n:n=>n instanceof CSSStyleSheet?(e=>{let t="";for(let s of e.cssRules)t+=s.cssText;return ze(t)})(n):n;var{is:vt,defineProperty:kt,getOwnPropertyDescriptor:wt,getOwnPropertyNames:St,getOwnPropertySymbols:_t,getPrototypeOf:Et}=Object,ee=globalThis,Fe=ee.trustedTypes,At=Fe?Fe.emptyScript:"",Tt=ee.reactiveElementPolyfillSupport,z=(n,e)=>n,$e={toAttribute(n,e){switch(e){case Boolean:n=n?At:null;break;case Object:case Array:n=n==null?n:JSON.stringify(n)}return n},fromAttribute(n,e){let t=n;switch(e){case Boolean:t=n!==null;break;case Number:t=n===null?null:Number(n);break;case Object:case Array:try{t=JSON.parse(n)}catch{t=null}}return t}},Ke=(n,e)=>!vt(n,e),We={attribute:!0,type:String,converter:$e,reflect:!1,useDefault:!1,hasChanged:Ke};Symbol.metadata??=Symbol("metadata"),ee.litPropertyMetadata??=new WeakMap;var _=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=We){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let s=Symbol(),i=this.getPropertyDescriptor(e,s,t);i!==void 0&&kt(this.prototype,e,i)}}static getPropertyDescriptor(e,t,s){let{get:i,set:r}=wt(this.prototype,e)??{get(){return this[t]},set(o){this[t]=o}};return{get:i,set(o){let l=i?.call(this);r?.call(this,o),this.requestUpdate(e,l,s)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??We}static _$Ei(){if(this.hasOwnProperty(z("elementProperties")))return;let e=Et(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(z("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(z("properties"))){let t=this.properties,s=[...St(t),..._t(t)];for(let i of s)this.createProperty(i,t[i])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[s,i]of t)this.elementProperties.set(s,i)}this._$Eh=new Map;for(let[t,s]of this.elementProperties){let i=this._$Eu(t,s);i!==void 0&&this._$Eh.set(i,t)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let s=new Set(e.flat(1/0).reverse());for(let i of s)t.unshift(ye(i))}else e!==void 0&&t.push(ye(e));return t}static _$Eu(e,t){let s=t.attribute;return s===!1?void 0:typeof s=="string"?s:typeof e=="string"?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=new Map,t=this.constructor.elementProperties;for(let s of t.keys())this.hasOwnProperty(s)&&(e.set(s,this[s]),delete this[s]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return Be(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,s){this._$AK(e,s)}_$ET(e,t){let s=this.constructor.elementProperties.get(e),i=this.constructor._$Eu(e,s);if(i!==void 0&&s.reflect===!0){let r=(s.converter?.toAttribute!==void 0?s.converter:$e).toAttribute(t,s.type);this._$Em=e,r==null?this.removeAttribute(i):this.setAttribute(i,r),this._$Em=null}}_$AK(e,t){let s=this.constructor,i=s._$Eh.get(e);if(i!==void 0&&this._$Em!==i){let r=s.getPropertyOptions(i),o=typeof r.converter=="function"?{fromAttribute:r.converter}:r.converter?.fromAttribute!==void 0?r.converter:$e;this._$Em=i;let l=o.fromAttribute(t,r.type);this[i]=l??this._$Ej?.get(i)??l,this._$Em=null}}requestUpdate(e,t,s,i=!1,r){if(e!==void 0){let o=this.constructor;if(i===!1&&(r=this[e]),s??=o.getPropertyOptions(e),!((s.hasChanged??Ke)(r,t)||s.useDefault&&s.reflect&&r===this._$Ej?.get(e)&&!this.hasAttribute(o._$Eu(e,s))))return;this.C(e,t,s)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(e,t,{useDefault:s,reflect:i,wrapped:r},o){s&&!(this._$Ej??=new Map).has(e)&&(this._$Ej.set(e,o??t??this[e]),r!==!0||o!==void 0)||(this._$AL.has(e)||(this.hasUpdated||s||(t=void 0),this._$AL.set(e,t)),i===!0&&this._$Em!==e&&(this._$Eq??=new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(t){Promise.reject(t)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[i,r]of this._$Ep)this[i]=r;this._$Ep=void 0}let s=this.constructor.elementProperties;if(s.size>0)for(let[i,r]of s){let{wrapped:o}=r,l=this[i];o!==!0||this._$AL.has(i)||l===void 0||this.C(i,void 0,r,l)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(s=>s.hostUpdate?.()),this.update(t)):this._$EM()}catch(s){throw e=!1,this._$EM(),s}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(t=>t.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(t=>this._$ET(t,this[t])),this._$EM()}updated(e){}firstUpdated(e){}};_.elementStyles=[],_.shadowRootOptions={mode:"open"},_[z("elementProperties")]=new Map,_[z("finalized")]=new Map,Tt?.({ReactiveElement:_}),(ee.reactiveElementVersions??=[]).push("2.1.2");var Ee=globalThis,Ve=n=>n,te=Ee.trustedTypes,Ge=te?te.createPolicy("lit-html",{createHTML:n=>n}):void 0,et="$lit$",A=`lit$${Math.random().toFixed(9).slice(2)}$`,tt="?"+A,Mt=`<${tt}>`,P=document,F=()=>P.createComment(""),W=n=>n===null||typeof n!="object"&&typeof n!="function",Ae=Array.isArray,Rt=n=>Ae(n)||typeof n?.[Symbol.iterator]=="function",xe=`[ 	
\f\r]`,B=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,Xe=/-->/g,Ze=/>/g,R=RegExp(`>|${xe}(?:([^\\s"'>=/]+)(${xe}*=${xe}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),Je=/'/g,Ye=/"/g,st=/^(?:script|style|textarea|title)$/i,Te=n=>(e,...t)=>({_$litType$:n,strings:e,values:t}),p=Te(1),k=Te(2),Es=Te(3),C=Symbol.for("lit-noChange"),m=Symbol.for("lit-nothing"),Qe=new WeakMap,L=P.createTreeWalker(P,129);function nt(n,e){if(!Ae(n)||!n.hasOwnProperty("raw"))throw Error("invalid template strings array");return Ge!==void 0?Ge.createHTML(e):e}var Lt=(n,e)=>{let t=n.length-1,s=[],i,r=e===2?"<svg>":e===3?"<math>":"",o=B;for(let l=0;l<t;l++){let d=n[l],u,c,h=-1,f=0;for(;f<d.length&&(o.lastIndex=f,c=o.exec(d),c!==null);)f=o.lastIndex,o===B?c[1]==="!--"?o=Xe:c[1]!==void 0?o=Ze:c[2]!==void 0?(st.test(c[2])&&(i=RegExp("</"+c[2],"g")),o=R):c[3]!==void 0&&(o=R):o===R?c[0]===">"?(o=i??B,h=-1):c[1]===void 0?h=-2:(h=o.lastIndex-c[2].length,u=c[1],o=c[3]===void 0?R:c[3]==='"'?Ye:Je):o===Ye||o===Je?o=R:o===Xe||o===Ze?o=B:(o=R,i=void 0);let v=o===R&&n[l+1].startsWith("/>")?" ":"";r+=o===B?d+Mt:h>=0?(s.push(u),d.slice(0,h)+et+d.slice(h)+A+v):d+A+(h===-2?l:v)}return[nt(n,r+(n[t]||"<?>")+(e===2?"</svg>":e===3?"</math>":"")),s]},K=class n{constructor({strings:e,_$litType$:t},s){let i;this.parts=[];let r=0,o=0,l=e.length-1,d=this.parts,[u,c]=Lt(e,t);if(this.el=n.createElement(u,s),L.currentNode=this.el.content,t===2||t===3){let h=this.el.content.firstChild;h.replaceWith(...h.childNodes)}for(;(i=L.nextNode())!==null&&d.length<l;){if(i.nodeType===1){if(i.hasAttributes())for(let h of i.getAttributeNames())if(h.endsWith(et)){let f=c[o++],v=i.getAttribute(h).split(A),S=/([.?@])?(.*)/.exec(f);d.push({type:1,index:r,name:S[2],strings:v,ctor:S[1]==="."?ke:S[1]==="?"?we:S[1]==="@"?Se:U}),i.removeAttribute(h)}else h.startsWith(A)&&(d.push({type:6,index:r}),i.removeAttribute(h));if(st.test(i.tagName)){let h=i.textContent.split(A),f=h.length-1;if(f>0){i.textContent=te?te.emptyScript:"";for(let v=0;v<f;v++)i.append(h[v],F()),L.nextNode(),d.push({type:2,index:++r});i.append(h[f],F())}}}else if(i.nodeType===8)if(i.data===tt)d.push({type:2,index:r});else{let h=-1;for(;(h=i.data.indexOf(A,h+1))!==-1;)d.push({type:7,index:r}),h+=A.length-1}r++}}static createElement(e,t){let s=P.createElement("template");return s.innerHTML=e,s}};function N(n,e,t=n,s){if(e===C)return e;let i=s!==void 0?t._$Co?.[s]:t._$Cl,r=W(e)?void 0:e._$litDirective$;return i?.constructor!==r&&(i?._$AO?.(!1),r===void 0?i=void 0:(i=new r(n),i._$AT(n,t,s)),s!==void 0?(t._$Co??=[])[s]=i:t._$Cl=i),i!==void 0&&(e=N(n,i._$AS(n,e.values),i,s)),e}var ve=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:s}=this._$AD,i=(e?.creationScope??P).importNode(t,!0);L.currentNode=i;let r=L.nextNode(),o=0,l=0,d=s[0];for(;d!==void 0;){if(o===d.index){let u;d.type===2?u=new V(r,r.nextSibling,this,e):d.type===1?u=new d.ctor(r,d.name,d.strings,this,e):d.type===6&&(u=new _e(r,this,e)),this._$AV.push(u),d=s[++l]}o!==d?.index&&(r=L.nextNode(),o++)}return L.currentNode=P,i}p(e){let t=0;for(let s of this._$AV)s!==void 0&&(s.strings!==void 0?(s._$AI(e,s,t),t+=s.strings.length-2):s._$AI(e[t])),t++}},V=class n{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,s,i){this.type=2,this._$AH=m,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=s,this.options=i,this._$Cv=i?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=N(this,e,t),W(e)?e===m||e==null||e===""?(this._$AH!==m&&this._$AR(),this._$AH=m):e!==this._$AH&&e!==C&&this._(e):e._$litType$!==void 0?this.$(e):e.nodeType!==void 0?this.T(e):Rt(e)?this.k(e):this._(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==m&&W(this._$AH)?this._$AA.nextSibling.data=e:this.T(P.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:s}=e,i=typeof s=="number"?this._$AC(e):(s.el===void 0&&(s.el=K.createElement(nt(s.h,s.h[0]),this.options)),s);if(this._$AH?._$AD===i)this._$AH.p(t);else{let r=new ve(i,this),o=r.u(this.options);r.p(t),this.T(o),this._$AH=r}}_$AC(e){let t=Qe.get(e.strings);return t===void 0&&Qe.set(e.strings,t=new K(e)),t}k(e){Ae(this._$AH)||(this._$AH=[],this._$AR());let t=this._$AH,s,i=0;for(let r of e)i===t.length?t.push(s=new n(this.O(F()),this.O(F()),this,this.options)):s=t[i],s._$AI(r),i++;i<t.length&&(this._$AR(s&&s._$AB.nextSibling,i),t.length=i)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let s=Ve(e).nextSibling;Ve(e).remove(),e=s}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},U=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,s,i,r){this.type=1,this._$AH=m,this._$AN=void 0,this.element=e,this.name=t,this._$AM=i,this.options=r,s.length>2||s[0]!==""||s[1]!==""?(this._$AH=Array(s.length-1).fill(new String),this.strings=s):this._$AH=m}_$AI(e,t=this,s,i){let r=this.strings,o=!1;if(r===void 0)e=N(this,e,t,0),o=!W(e)||e!==this._$AH&&e!==C,o&&(this._$AH=e);else{let l=e,d,u;for(e=r[0],d=0;d<r.length-1;d++)u=N(this,l[s+d],t,d),u===C&&(u=this._$AH[d]),o||=!W(u)||u!==this._$AH[d],u===m?e=m:e!==m&&(e+=(u??"")+r[d+1]),this._$AH[d]=u}o&&!i&&this.j(e)}j(e){e===m?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??"")}},ke=class extends U{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===m?void 0:e}},we=class extends U{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==m)}},Se=class extends U{constructor(e,t,s,i,r){super(e,t,s,i,r),this.type=5}_$AI(e,t=this){if((e=N(this,e,t,0)??m)===C)return;let s=this._$AH,i=e===m&&s!==m||e.capture!==s.capture||e.once!==s.once||e.passive!==s.passive,r=e!==m&&(s===m||i);i&&this.element.removeEventListener(this.name,this,s),r&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},_e=class{constructor(e,t,s){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=s}get _$AU(){return this._$AM._$AU}_$AI(e){N(this,e)}};var Pt=Ee.litHtmlPolyfillSupport;Pt?.(K,V),(Ee.litHtmlVersions??=[]).push("3.3.3");var it=(n,e,t)=>{let s=t?.renderBefore??e,i=s._$litPart$;if(i===void 0){let r=t?.renderBefore??null;s._$litPart$=i=new V(e.insertBefore(F(),r),r,void 0,t??{})}return i._$AI(n),i};var Me=globalThis,T=class extends _{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=it(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return C}};T._$litElement$=!0,T.finalized=!0,Me.litElementHydrateSupport?.({LitElement:T});var Ct=Me.litElementPolyfillSupport;Ct?.({LitElement:T});(Me.litElementVersions??=[]).push("4.2.2");import{LabError as qt}from"./soft-thinking-lab.js";function g(n){if(n==null||Number.isNaN(n))return"\u2013";if(!Number.isFinite(n))return n>0?"\u221E":"\u2212\u221E";let e=Math.abs(n),t=e===0?"0":e<.001||e>=1e7?e.toExponential(1).replace("e-","e\u2212").replace("e+","e"):e>=1e3?Math.round(e).toLocaleString("en"):e.toPrecision(3);return n<0?"\u2212"+t:t}function w(n,e=2){if(n===void 0||!Number.isFinite(n))return g(n);let t=Math.abs(n).toFixed(e);return n<0&&Number(t)!==0?"\u2212"+t:t}function E(n,e=2){return n>0?`+${w(n,e)}`:w(n,e)}function se(n){let e=n*100;return`${e>0&&e<1?"<1":e<100&&e>99?">99":w(e,0)} %`}function Re(n){return n<1e3?`${n} B`:n<1e6?`${(n/1e3).toFixed(0)} kB`:`${(n/1e6).toFixed(1)} MB`}function M(n){return/^<[^<>]+>$/.test(n)}function $(n){return M(n)?`\u2039${n.slice(1,-1)}\u203A`:n.replaceAll(" ","\u2423").replaceAll(`
`,"\u23CE")}import{createLab as Ot}from"./soft-thinking-lab.js";var Nt=import.meta.url;function rt(n){return new URL(n,Nt).href}var ot=new URL("./models/nano-chain_sum.gguf",import.meta.url).href,q=new Map;async function Le(n=ot,{engine:e="auto",onProgress:t}={}){let s=`${e} ${n}`,i=q.get(s)??Ut(s,n,e);t!==void 0&&i.listeners.add(t);try{return await i.ready}finally{t!==void 0&&i.listeners.delete(t)}}function Ut(n,e,t){let s=new Set,r={ready:ne(e,{engine:t,onProgress:o=>{s.forEach(l=>{l(o)})}}),listeners:s};return q.set(n,r),r.ready.catch(()=>q.delete(n)),r}function Pe({lab:n}){for(let[e,t]of q)t.ready.then(s=>{s.lab===n&&q.get(e)===t&&q.delete(e)},()=>{});n.dispose()}async function ne(n=ot,{engine:e="auto",onProgress:t,signal:s}={}){let i=await Ot({engine:e,worker:"shared",keepRuns:!1,onProgress:t,signal:s});try{return{lab:i,model:await i.loadModel(n,{onProgress:t,signal:s})}}catch(r){throw i.dispose(),r}}var a={again:"Try again",kinds:{soft:"Soft",discrete:"Discrete"},loading(n,e,t){let s=t===void 0?e:`${e} of ${t}`;return n==="engine"?`Fetching the engine: ${s}`:n==="model"?`Fetching the model: ${s}`:n==="compile"?"Preparing the GPU":"Reading the model"},strip:{blend:(n,e,t,s)=>`Step ${n}: a blend read as ${e}, weight ${t}, entropy ${s} nats`,single:(n,e)=>`Step ${n}: the single token ${e}`},card:{blend:n=>`A blend, entropy ${n} nats.`,single:"A single token is fed back.",changed:n=>`The noise changed the winner: without it ${n} would not be the heaviest.`,kept:n=>`The noise left the winner as it was: ${n}.`,candidate:"token",logProb:"log-prob.",noise:"noise",weight:"weight",cut:"cut"},chart:{table:"The numbers as a table",tableOf:n=>`Table: ${n}`},group:{expected:"expected",allAlike:"In every group all eight tries got the same reward, so there is nothing to learn from: choose another seed.",try:(n,e,t,s)=>`Try ${n}: answer ${e}, reward ${t}, advantage ${s}`,credit:"pushed up",blame:"pushed down",table:"Noise and credit of this step",pushed:n=>`with advantage ${n}`,more:"made more likely",less:"made less likely",neither:"left as it is",single:(n,e,t)=>`Try ${n}, step ${e}: ${t} is a single token, not a blend, and has no noise to give credit to.`,sentence:(n,e,t,s,i)=>{if(!/[1-9]/.test(i))return`Try ${n}, step ${e}: the try did as well as its group, so the update leaves ${t} as it is.`;let r=s.startsWith("+")?`The noise lifted ${t} by ${s}`:`The noise held ${t} back by ${s}`,o=i.startsWith("+")?"did better than its group":"did worse than its group",l=s.startsWith("+")===i.startsWith("+")?`so the update makes ${t} more likely at this place`:`so the update makes ${t} less likely at this place`;return`Try ${n}, step ${e}: ${r}, and the try ${o} (advantage ${i}), ${l}.`}},race:{racers:{soft:"SofT-GRPO",discrete:"GRPO"},idle:n=>`${n} training steps each, from the same model. Start them when you like.`,start:"Start both",again:"Start again",pause:"Pause",resume:"Go on",stop:"Stop",paused:"Paused; what was learned stays.",running:(n,e,t)=>`Step ${n} of ${e}${t===void 0?"":`, about ${t} s left`}.`,ended:(n,e,t,s,i)=>`Ended after step ${n}. Held-out pass@1: SofT-GRPO ${e} \u2192 ${t}, GRPO ${s} \u2192 ${i}.`,reward:"reward",passed:"held-out pass@1",step:"training step",chart:n=>`${n} of SofT-GRPO and GRPO over the training steps; the numbers are in the table below`,noLab:"A lab is missing; load the page again."},pass:{task:"Task",tries:"tries k",solved:"questions solved within k tries",chart:"pass@k; the numbers are in the table below",guessing:"guessing alone",published:n=>`From ${n} published runs; bands are 95 % intervals over questions and seeds.`,refused:(n,e)=>`${n} answered ${e}; check that the results lie there.`,contrast:(n,e,t,s,i)=>`${n} minus GRPO at k = ${e}: ${t}, interval ${s}. ${i?"The interval leaves out 0.":"The interval holds 0: no difference is shown."}`,live:"64 held-out questions, 32 tries each, in blends and in single tokens.",measure:"Measure this model",cancel:"Cancel",measured:(n,e)=>`Measured: pass@1 ${n} in blends, ${e} in single tokens.`},mixture:{otherNoise:"Draw other noise",papers:"The paper's settings",table:"The step's candidates",offers:"the model offers",noise:n=>`noise \xD7 ${n}`,weight:"weight in the blend",afterBlend:"Next, after the blend",afterToken:n=>`Next, after ${n} alone`,over:"The thought ends here.",tooShort:n=>`This thought has no step ${n}: choose an earlier one.`,blend:(n,e,t)=>`The blend is read as ${n}; its entropy is ${e} nats, that of the model's whole distribution ${t}.`,sliders:{temperature:{name:"Temperature",what:"Flattens what the model offers."},noise_scale:{name:"Noise scale",what:"How much chance decides; 0: none."},gumbel_temperature:{name:"\u03C4 of the blend",what:"Small: one token. Large: an even blend."},soft_top_k:{name:"Top-k",what:"How many candidates are kept and blended."}}},thought:{question:"Question",controls:"Steps of the thought",back:"Back",play:"Play",pause:"Pause",step:"Step",another:"Another question",soft:"Each next input is a blend of tokens.",discrete:"Each next input is one token. Same seed.",card:(n,e)=>`${n}, step ${e}`,over:"This thought had ended before.",none:"none",noEnd:"The thought ended without a result; load the page again.",right:(n,e)=>`Answer ${n} \u2713 right, after ${e} steps of thought.`,wrong:(n,e,t,s)=>`Answer ${n} \u2717 ${t==="0"?"wrong":`grade ${t}`}, expected ${e}, after ${s} steps of thought.`}};var at=x`
  :host {
    --soft: var(--stl-soft, light-dark(#0072b2, #4aa8e0));
    --soft-1: color-mix(in oklab, var(--soft) 60%, var(--paper));
    --soft-2: color-mix(in oklab, var(--soft) 38%, var(--paper));
    --soft-3: color-mix(in oklab, var(--soft) 22%, var(--paper));
    --discrete: var(--stl-discrete, light-dark(#d55e00, #f08a3c));
    --discrete-ink: color-mix(in oklab, var(--discrete) 72%, var(--ink));
    --base: var(--stl-base, light-dark(#6b6b6b, #9a9a9a));
    --good: var(--stl-good, light-dark(#009e73, #2cc295));
    --good-ink: color-mix(in oklab, var(--good) 65%, var(--ink));
    --attention: var(--stl-attention, light-dark(#e69f00, #f0b840));
    --attention-ink: color-mix(in oklab, var(--attention) 55%, var(--ink));
    --ink: var(--stl-ink, light-dark(#1c1f23, #e8eaec));
    --ink-quiet: var(--stl-ink-quiet, light-dark(#5a6168, #a3abb2));
    --paper: var(--stl-paper, light-dark(#ffffff, #1b1f23));
    --line: var(--stl-line, light-dark(#e3e5e7, #2c3238));
    --line-strong: color-mix(in oklab, var(--ink-quiet) 65%, var(--paper));
    --on-soft: light-dark(#ffffff, #0c1418);
    --mono: var(
      --stl-mono,
      ui-monospace,
      "SFMono-Regular",
      "Cascadia Mono",
      "DejaVu Sans Mono",
      Menlo,
      Consolas,
      monospace
    );
    display: block;
    position: relative;
    background: var(--paper);
    color: var(--ink);
    font: 16px/1.5 var(--stl-font, system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif);
    font-variant-numeric: tabular-nums;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  figure,
  p,
  h3,
  h4,
  ol {
    margin: 0;
  }
  figure {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px;
    min-height: var(--least-height, 0);
    align-content: start;
  }
  h3,
  h4 {
    font-size: 16px;
  }
  p {
    max-width: 72ch;
  }
  .quiet {
    color: var(--ink-quiet);
    font-size: 14px;
  }
  .token {
    font-family: var(--mono);
  }
  .good {
    color: var(--good-ink);
  }
  .off {
    color: var(--attention-ink);
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  :focus-visible {
    outline: 3px solid var(--attention);
    outline-offset: 2px;
  }
  button,
  select,
  input {
    font: inherit;
    color: inherit;
  }
  button,
  select {
    min-height: 40px;
    padding: 4px 16px;
    border: 1px solid var(--line-strong);
    border-radius: 6px;
    background: transparent;
    cursor: pointer;
    white-space: nowrap;
  }
  select {
    padding: 4px 8px;
    background: var(--paper);
    max-width: 100%;
  }
  button:hover:not(:disabled) {
    border-color: var(--ink-quiet);
  }
  button:disabled {
    opacity: 0.5;
    cursor: default;
  }
  button.main {
    background: var(--soft);
    border-color: var(--soft);
    color: var(--on-soft);
    font-weight: 600;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 16px;
    align-items: center;
  }
  .row > p {
    flex: 1 1 240px;
    max-width: none;
  }
  .state {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 16px;
    align-items: center;
    color: var(--ink-quiet);
    font-size: 14px;
  }
  /* Over what is there, so that nothing moves when it goes. */
  .state.loading {
    position: absolute;
    inset: 0 0 auto auto;
    z-index: 1;
    padding: 4px 12px;
    border: 1px solid var(--line-strong);
    border-radius: 6px;
    background: var(--paper);
  }
  .state.problem {
    padding: 8px 16px;
    border-left: 4px solid var(--attention);
    color: var(--ink);
    overflow-wrap: anywhere;
  }
  progress {
    accent-color: var(--soft);
    width: 160px;
    height: 8px;
  }
  .sign {
    display: inline-block;
    width: 12px;
    height: 12px;
    margin-right: 8px;
    background: var(--soft);
    border-radius: 50%;
  }
  .discrete .sign {
    background: var(--discrete);
    border-radius: 0;
  }
  .scroll {
    overflow-x: auto;
    max-width: 100%;
  }
  table {
    border-collapse: collapse;
    font-size: 14px;
  }
  th,
  td {
    padding: 4px 16px 4px 0;
    border-bottom: 1px solid var(--line);
    font-weight: normal;
    text-align: left;
    white-space: nowrap;
  }
  th.number,
  td.number {
    text-align: right;
  }
  thead th {
    color: var(--ink-quiet);
  }
  summary {
    cursor: pointer;
    padding: 4px 0;
    color: var(--ink-quiet);
    font-size: 14px;
  }
`;var Ht="400px",b=class extends T{static properties={model:{},engine:{},progress:{state:!0},problem:{state:!0},news:{state:!0},room:{state:!0}};static styles=[at];#t=new AbortController;#e;#n=[];#s;#i=new ResizeObserver(([e])=>{e!==void 0&&(this.room=Math.round(e.contentRect.width))});constructor(){super(),this.news="",this.room=0}connectedCallback(){super.connectedCallback(),this.#t=new AbortController,this.#i.observe(this),this.#s=new IntersectionObserver(e=>{e.some(t=>t.isIntersecting)&&(this.#s?.disconnect(),this.attempt(()=>this.begin()))},{rootMargin:Ht}),this.#s.observe(this)}disconnectedCallback(){super.disconnectedCallback(),this.#s?.disconnect(),this.#i.disconnect(),this.#t.abort(),this.disposeOwn()}get here(){return this.#t.signal}async lab(){try{return this.#e=await Le(this.#o(),{...this.#r(),onProgress:this.#a}),this.#e.lab}finally{this.progress=void 0}}async freshLab(){try{let e={...this.#r(),onProgress:this.#a,signal:this.here},{lab:t}=await ne(this.#o(),e);return this.#n.push(t),t}finally{this.progress=void 0}}disposeOwn(){for(let e of this.#n.splice(0))e.dispose()}async attempt(e){this.problem=void 0;try{await e()}catch(t){if(this.here.aborted||t instanceof qt&&t.code==="cancelled")return;this.problem=t instanceof Error?t.message:String(t)}}#a=e=>{this.progress=e};#o(){return this.model===void 0?void 0:new URL(this.model,document.baseURI).href}#r(){return this.engine===void 0?{}:{engine:this.engine}}#d=()=>{this.#e!==void 0&&Pe(this.#e),this.#e=void 0,this.disposeOwn(),this.attempt(()=>this.begin())};render(){return p`
      <figure aria-busy=${this.progress===void 0?"false":"true"}>
        ${this.#l()} ${this.content()}
        <p class="unseen" role="status">${this.news}</p>
      </figure>
    `}#l(){if(this.problem!==void 0)return p`<div class="state problem" role="alert">
        <p>${this.problem}</p>
        <button type="button" @click=${this.#d}>${a.again}</button>
      </div>`;if(this.progress===void 0)return m;let{phase:e,loaded:t,total:s}=this.progress,i=a.loading(e,Re(t),s>0?Re(s):void 0);return p`<div class="state loading">
      <span>${i}</span>
      ${s>0?p`<progress max=${s} .value=${t} aria-label=${i}></progress>`:p`<progress aria-label=${i}></progress>`}
    </div>`}};var H=40,jt=12,Dt=12,It=36,zt=[0,.25,.5,.75,1];function ie({label:n,lines:e,width:t,height:s=260,x:i,y:r}){let o=Math.max(t-jt,H+1),l=s-It,d=f=>H+(f-i.from)/Math.max(i.to-i.from,1e-9)*(o-H),u=f=>l-Math.max(0,Math.min(1,f))*(l-Dt),c=f=>f.map(([v,S],D)=>`${D===0?"M":"L"}${d(v).toFixed(1)} ${u(S).toFixed(1)}`).join(""),h=i.text??String;return p`
    <div class="chart">
      <svg width=${t} height=${s} role="img" aria-label=${n}>
        <defs>
          <pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <line x1="0" y1="0" x2="0" y2="8" class="hatch" />
          </pattern>
        </defs>
        ${zt.map(f=>k`<line class="grid" x1=${H} x2=${o} y1=${u(f)} y2=${u(f)} />
            <text x=${H-6} y=${u(f)+4} text-anchor="end">${String(f)}</text>`)}
        ${i.ticks.map(f=>k`<text x=${d(f)} y=${l+16} text-anchor="middle">${h(f)}</text>`)}
        <text x=${(H+o)/2} y=${s-4} text-anchor="middle">${i.label}</text>
        ${e.map(f=>Bt(f,c,d,u))}
      </svg>
      <p class="legend">
        <span class="quiet">${r}:</span>
        ${e.map(({name:f,tone:v,thin:S})=>p`<span class=${v}
              ><svg width="28" height="12" aria-hidden="true">
                ${v==="guessing"?k`<rect width="28" height="12" fill="url(#hatch)" />`:k`<line class="line ${S===!0?"thin":""}" x1="0" x2="28" y1="6" y2="6" />${dt(v,14,6)}`}</svg
              >${f}</span
            >`)}
      </p>
    </div>
  `}function Bt({tone:n,points:e,marks:t=!1,thin:s=!1,band:i},r,o,l){if(n==="guessing"){let u=e.at(-1),c=e[0];return c===void 0||u===void 0?k``:k`<path class="ceiling" d="${r([[c[0],0],...e,[u[0],0]])}Z" fill="url(#hatch)" data-points=${e.length} />`}let d=i===void 0||i.length===0?"":r([...i.map(([u,,c])=>[u,c]),...[...i].reverse().map(([u,c])=>[u,c])])+"Z";return k`<g class=${n} data-points=${e.length}>
    ${d===""?m:k`<path class="band" d=${d} />`}
    <path class="line ${s?"thin":""}" d=${r(e)} />
    ${t?e.map(([u,c])=>dt(n,o(u),l(c))):m}
  </g>`}function dt(n,e,t){return n==="discrete"?k`<rect class="mark" x=${e-3.5} y=${t-3.5} width="7" height="7" />`:n==="base"?k`<path class="mark" d="M${e} ${t-5}l5 9h-10z" />`:k`<circle class="mark" cx=${e} cy=${t} r="4" />`}function re(n,e,t,s=String){let i=[...new Set(e.flatMap(({points:r})=>r.map(([o])=>o)))].sort((r,o)=>r-o);return p`
    <details>
      <summary>${a.chart.table}</summary>
      <div class="scroll tall" tabindex="0" role="region" aria-label=${a.chart.tableOf(n)}>
        <table>
          <thead>
            <tr>
              <th scope="col">${t}</th>
              ${e.map(({name:r})=>p`<th scope="col" class="number">${r}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${i.map(r=>p`<tr>
                  <th scope="row">${s(r)}</th>
                  ${e.map(({points:o,band:l})=>{let d=l?.find(([c])=>c===r),u=g(o.find(([c])=>c===r)?.[1]);return p`<td class="number">
                      ${u}${d===void 0?m:` [${g(d[1])}, ${g(d[2])}]`}
                    </td>`})}
                </tr>`)}
          </tbody>
        </table>
      </div>
    </details>
  `}var oe=x`
  .chart {
    min-height: 300px;
  }
  .chart svg {
    display: block;
    max-width: 100%;
    overflow: visible;
  }
  .chart text {
    fill: var(--ink-quiet);
    font-size: 12px;
  }
  .grid {
    stroke: var(--line);
  }
  .hatch {
    stroke: var(--base);
    stroke-width: 1.5;
    opacity: 0.7;
  }
  .line {
    fill: none;
    stroke: var(--tone);
    stroke-width: 2.5;
  }
  .line.thin {
    stroke-width: 1.25;
    opacity: 0.7;
  }
  .mark {
    fill: var(--tone);
  }
  .band {
    fill: var(--tone);
    opacity: 0.14;
  }
  .chart .soft {
    --tone: var(--soft);
  }
  .chart .discrete {
    --tone: var(--discrete);
  }
  .chart .discrete .line {
    stroke-dasharray: 6 4;
  }
  .chart .base {
    --tone: var(--base);
  }
  .chart .base .line {
    stroke-dasharray: 2 4;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    max-width: none;
    font-size: 14px;
  }
  .legend > span {
    display: flex;
    gap: 6px;
    align-items: center;
  }
  .tall {
    max-height: 320px;
    overflow-y: auto;
  }
`;var Ft={questions:64,samples:32,k:[1,2,4,8,16,32]},ae=class extends b{static properties={...b.properties,results:{},task:{},difficulty:{type:Number},arms:{},live:{type:Boolean},summary:{state:!0},measured:{state:!0},measuring:{state:!0}};static styles=[...b.styles,oe,Wt()];constructor(){super(),this.arms="base grpo softgrpo-code",this.live=!1}async begin(){if(this.live)return;let e=this.results===void 0?rt("results/nano/summary.json"):new URL(this.results,document.baseURI).href,t=await fetch(e,{signal:this.here});if(!t.ok)throw new Error(a.pass.refused(e,t.status));this.summary=await t.json()}#t=()=>{this.attempt(async()=>{let e=new AbortController,t=AbortSignal.any([e.signal,this.here]);this.measuring=e;try{let s=await this.lab(),i={task:this.task??"chain_sum",...this.difficulty===void 0?{}:{difficulty:this.difficulty},...Ft,signal:t},r=await s.evaluate({...i,policy:"soft"}),o=await s.evaluate({...i,policy:"discrete"});this.measured={soft:r,discrete:o},this.news=a.pass.measured(g(r.pass_at_1),g(o.pass_at_1))}finally{this.measuring=void 0}})};content(){let e=this.live?this.#o():this.#a(),t=e[0]?.points.map(([i])=>i)??[0,5],s=i=>String(Math.round(2**i));return p`
      <div class="row">${this.live?this.#e():this.#n()}</div>
      ${ie({label:a.pass.chart,lines:e,width:Math.max(240,Math.min(this.room,760)),height:320,x:{from:t[0]??0,to:t.at(-1)??5,label:a.pass.tries,ticks:t,text:s},y:a.pass.solved})}
      <p class="said">${this.#r()}</p>
      ${e.length===0?m:re(a.pass.solved,e,a.pass.tries,s)}
    `}#e(){return p`<p>${a.pass.live}</p>
      ${this.measuring===void 0?p`<button type="button" class="main" @click=${this.#t}>${a.pass.measure}</button>`:p`<button
              type="button"
              @click=${()=>{this.measuring?.abort()}}
            >
              ${a.pass.cancel}
            </button>`}`}#n(){let e=this.summary?.tasks.filter(({guessing:s})=>s.length>0)??[],t=this.#s();return p`<p class="quiet">${this.summary===void 0?"":a.pass.published(this.summary.runs)}</p>
      <label
        >${a.pass.task}
        <select
          ?disabled=${e.length===0}
          @change=${s=>{this.task=s.target.value}}
        >
          ${e.map(({task:s,difficulty:i})=>p`<option value=${s} .selected=${s===t?.task}>${s} ${i}</option>`)}
        </select>
      </label>`}#s(){return this.summary?.tasks.find(({task:e})=>e===this.task)??this.summary?.tasks[0]}#i(){let e=this.arms.split(/[\s,]+/);return this.#s()?.arms.filter(({arm:t})=>e.includes(t))??[]}#a(){let e=this.#s();return e===void 0?[]:[...this.#i().flatMap(s=>{let i=s.measured.findLast(({split:r,mode:o})=>r==="held_out"&&o==="own")?.pass_at_k??[];return[{name:s.title,tone:lt(s),marks:!0,points:i.map(({k:r,mean:o})=>[Math.log2(r),o]),band:i.map(({k:r,low:o,high:l})=>[Math.log2(r),o,l])}]}),ht(e.guessing)]}#o(){let{measured:e}=this;if(e===void 0)return[];let t=s=>({name:a.kinds[s],tone:s,marks:!0,points:e[s].pass_at_k.map(({k:i,value:r})=>[Math.log2(i),r])});return[t("soft"),t("discrete"),ht(e.soft.guessing.map(({k:s,value:i})=>[s,i]))]}#r(){let e=this.#s();if(this.live||e===void 0)return"";let[t,s]=[this.#i().find(c=>lt(c)==="soft"),"grpo"],i=Math.max(...e.guessing.map(([c])=>c)),r=e.contrasts.find(c=>c.a===t?.arm&&c.b===s&&c.split==="held_out"&&c.k===i);if(r===void 0||t===void 0)return"";let{mean:o,low:l,high:d}=r,u=l>0||d<0;return a.pass.contrast(t.title,i,E(o,3),`[${w(l,3)}, ${w(d,3)}]`,u)}};function lt({arm:n,curve:e}){return e.length===0?"base":n==="grpo"?"discrete":"soft"}function ht(n){return{name:a.pass.guessing,tone:"guessing",points:n.map(([e,t])=>[Math.log2(e),t])}}function Wt(){return x`
    :host {
      --least-height: 520px;
    }
    .chart {
      min-height: 352px;
    }
    .said {
      min-height: 48px;
    }
  `}customElements.define("pass-at-k",ae);import{isResult as Vt}from"./soft-thinking-lab.js";var Kt=-13;function pt(n,e){let t=n.noise.length>0;return p`
    <div class="card">
      <h4>${e}</h4>
      <p class="quiet">
        ${n.soft?a.card.blend(g(n.entropy)):a.card.single}
        ${n.soft&&t?n.winner_changed?a.card.changed($(n.token)):a.card.kept($(n.token)):m}
      </p>
      <div class="scroll" tabindex="0" role="region" aria-label=${e}>
        <table>
          <thead>
            <tr>
              <th scope="col">${a.card.candidate}</th>
              <th scope="col" class="number">${a.card.logProb}</th>
              ${t?p`<th scope="col" class="number">${a.card.noise}</th>`:m}
              <th scope="col">${a.card.weight}</th>
            </tr>
          </thead>
          <tbody>
            ${n.candidates.map((s,i)=>{let r=(n.log_probs[i]??0)<Kt;return p`<tr class=${r?"cut":""}>
                <th scope="row" class="token">${$(s)}</th>
                <td class="number">${r?a.card.cut:w(n.log_probs[i])}</td>
                ${t?p`<td class="number">${r?"":w(n.noise[i])}</td>`:m}
                <td>${O(n.mixture[i]??0,n.soft?"soft":"discrete")}</td>
              </tr>`})}
          </tbody>
        </table>
      </div>
    </div>
  `}function O(n,e="soft"){return p`<span class="share ${e}"
    ><span class="track"><span .style=${`width:${Math.max(0,Math.min(1,n))*100}%`}></span></span
    ><span>${se(n)}</span></span
  >`}var j=x`
  .card {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 4px;
    align-content: start;
  }
  .cut {
    color: var(--ink-quiet);
  }
  .share {
    display: flex;
    gap: 8px;
    align-items: center;
  }
  .track {
    width: var(--track, 96px);
    height: 12px;
    background: var(--line);
    border-radius: 2px;
    overflow: hidden;
  }
  .track > span {
    display: block;
    height: 100%;
    background: var(--soft);
  }
  .share.discrete .track > span {
    background: var(--discrete);
  }
  .share.base .track > span {
    background: var(--base);
  }
`;var ft=[{key:"temperature",from:.1,to:3,step:.05},{key:"noise_scale",from:0,to:3,step:.05},{key:"gumbel_temperature",from:-2,to:1,step:.05,log:!0},{key:"soft_top_k",from:2,to:10,step:1}],Gt=1e-4,ct=4,de=class extends b{static properties={...b.properties,task:{},difficulty:{type:Number},question:{},questionSeed:{type:Number,attribute:"question-seed"},seed:{type:Number},step:{type:Number},asked:{state:!0},settings:{state:!0},shown:{state:!0}};static styles=[...b.styles,j,Yt()];#t;#e;#n=!1;#s=!1;constructor(){super(),this.task="chain_sum",this.questionSeed=20,this.seed=7,this.step=0,this.#e={temperature:1,noise_scale:1,gumbel_temperature:.1,soft_top_k:5},this.settings=this.#e}async begin(){let e=await this.lab();this.#t=e;let t=e.presets.policies.find(({name:r})=>r==="soft")?.policy;this.#e={...this.#e,...Xt(t)},this.settings=this.#e;let{task:s,questionSeed:i}=this;this.asked=this.question??(await e.question({task:s,...this.#i(),questionSeed:i})).prompt,await this.#a()}#i(){return this.difficulty===void 0?{}:{difficulty:this.difficulty}}async#a(){if(this.#n=!0,!this.#s){this.#s=!0;try{for(;this.#n;){this.#n=!1;let{settings:e}=this,t=await this.#o(e),s=await this.#o({...e,gumbel_temperature:Gt}),i=t[this.step];if(i===void 0)throw new Error(a.mixture.tooShort(this.step+1));this.shown={step:i,blend:t[this.step+1],alone:s[this.step+1]}}}finally{this.#s=!1}this.news=this.shown===void 0?"":ut(this.shown.step)}}async#o(e){let t=[];if(this.#t===void 0||this.asked===void 0)return t;let s=this.#t.think({task:this.task,...this.#i(),question:this.asked,policy:{preset:"soft",...e,top_k:e.soft_top_k},seed:this.seed,maxSteps:this.step+2,signal:this.here});for await(let i of s)Vt(i)||(t[i.step]=i);return t}#r(e){this.settings={...this.settings,...e},this.attempt(()=>this.#a())}content(){let{shown:e}=this;return p`
      <div class="row">
        <p>${a.thought.question} <strong class="token">${this.asked??"\u2026"}</strong></p>
        <button
          type="button"
          ?disabled=${e===void 0}
          @click=${()=>{this.seed+=1,this.#r({})}}
        >
          ${a.mixture.otherNoise}
        </button>
        <button
          type="button"
          ?disabled=${e===void 0}
          @click=${()=>{this.#r(this.#e)}}
        >
          ${a.mixture.papers}
        </button>
      </div>
      <div class="parts">
        <div class="sliders">${ft.map(t=>this.#d(t))}</div>
        <div class="scroll" tabindex="0" role="region" aria-label=${a.mixture.table}>
          ${e===void 0?m:Zt(e.step,this.settings.noise_scale)}
        </div>
      </div>
      <p class="sentence">${e===void 0?m:ut(e.step)}</p>
      <div class="next">
        ${e===void 0?m:[mt(a.mixture.afterBlend,e.blend,"soft"),mt(a.mixture.afterToken($(e.step.token)),e.alone,"discrete")]}
      </div>
    `}#d({key:e,from:t,to:s,step:i,log:r=!1}){let o=this.settings[e],{name:l,what:d}=a.mixture.sliders[e];return p`
      <label>
        <span class="row"><span>${l}</span> <output>${g(o).replace(/\.?0+$/,"")}</output></span>
        <input
          type="range"
          name=${e}
          min=${t}
          max=${s}
          step=${i}
          aria-valuetext=${g(o)}
          .value=${String(r?Math.log10(o):o)}
          ?disabled=${this.shown===void 0}
          @input=${u=>{let c=u.target.valueAsNumber;this.#r({[e]:r?Number((10**c).toPrecision(3)):c})}}
        />
        <span class="quiet">${d}</span>
      </label>
    `}};function Xt(n){let e={};for(let[t,s]of Object.entries(n??{})){let i=ft.find(r=>r.key===t);i!==void 0&&typeof s=="number"&&(e[i.key]=s)}return e}function ut(n){let e=n.winner_changed?a.card.changed($(n.token)):a.card.kept($(n.token));return`${a.mixture.blend($(n.token),g(n.entropy),g(n.model_entropy))} ${e}`}function Zt(n,e){return p`
    <table>
      <thead>
        <tr>
          <th scope="col">${a.card.candidate}</th>
          <th scope="col">${a.mixture.offers}</th>
          <th scope="col">${a.mixture.noise(w(e))}</th>
          <th scope="col">${a.mixture.weight}</th>
        </tr>
      </thead>
      <tbody>
        ${n.candidates.map((t,s)=>p`
            <tr>
              <th scope="row" class="token">${$(t)}</th>
              <td>${O(Math.exp(n.log_probs[s]??-1/0),"base")}</td>
              <td>${Jt((n.noise[s]??0)*e)}</td>
              <td class="weight">${O(n.mixture[s]??0)}</td>
            </tr>
          `)}
      </tbody>
    </table>
  `}function Jt(n){let e=Math.min(Math.abs(n),ct)/ct*50,t=n<0?`right:50%;width:${e}%`:`left:50%;width:${e}%`;return p`<span class="share"
    ><span class="pull"><span .style=${t}></span></span><span>${w(n)}</span></span
  >`}function mt(n,e,t){return p`
    <div class=${t}>
      <h3><span class="sign" aria-hidden="true"></span>${n}</h3>
      ${e===void 0?p`<p class="quiet">${a.mixture.over}</p>`:p`<table aria-label=${n}>
              <tbody>
                ${e.candidates.map((s,i)=>({candidate:s,probability:Math.exp(e.log_probs[i]??-1/0)})).sort((s,i)=>i.probability-s.probability).slice(0,5).map(({candidate:s,probability:i})=>p`<tr>
                        <th scope="row" class="token">${$(s)}</th>
                        <td>${O(i,t)}</td>
                      </tr>`)}
              </tbody>
            </table>`}
    </div>
  `}function Yt(){return x`
    :host {
      --least-height: 560px;
    }
    .parts {
      display: grid;
      grid-template-columns: minmax(200px, 1fr) minmax(0, 2.4fr);
      gap: 16px 32px;
    }
    .sliders {
      display: grid;
      gap: 12px;
      align-content: start;
    }
    label {
      display: grid;
      gap: 2px;
    }
    label .row {
      justify-content: space-between;
    }
    input[type="range"] {
      width: 100%;
      height: 24px;
      margin: 0;
      accent-color: var(--soft);
    }
    output {
      font-family: var(--mono);
    }
    .parts .scroll {
      min-height: 200px;
    }
    .pull {
      position: relative;
      width: 96px;
      height: 12px;
      background: linear-gradient(var(--line-strong), var(--line-strong)) center / 1px 100% no-repeat;
    }
    .pull > span {
      position: absolute;
      inset-block: 2px;
      background: var(--attention);
    }
    .sentence {
      min-height: 48px;
    }
    .next {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(280px, 100%), 1fr));
      gap: 16px 32px;
      min-height: 180px;
    }
    @media (max-width: 720px) {
      .parts {
        grid-template-columns: minmax(0, 1fr);
      }
      .scroll {
        --track: 56px;
      }
      .pull {
        width: 56px;
      }
    }
  `}customElements.define("soft-mixture",de);import{isResult as ns}from"./soft-thinking-lab.js";var Qt=.25,es=3;function le(n){let{kind:e,steps:t,label:s,reached:i=t.length}=n;return p`
    <div class="strip ${e}" role="group" aria-label=${s}>
      ${t.map((r,o)=>ts(r,o,n,o<i))}
    </div>
  `}function G(n,e){return e==="discrete"?!1:"soft"in n?n.soft:n.phase==="think"&&!M(n.token)}function he(n,e,t){let s={ArrowRight:e+1,ArrowLeft:e-1,Home:0,End:t-1}[n];return s===void 0?void 0:Math.max(0,Math.min(t-1,s))}function pe(n){let e=0;return n.forEach((t,s)=>{t.phase==="think"&&t.entropy>(n[e]?.entropy??0)&&(e=s)}),e}function ts(n,e,t,s){let{kind:i,selected:r,onSelect:o,mark:l}=t;if(!s)return p`<span class="column ahead"></span>`;let d=G(n,i),u=d&&"winner_changed"in n&&n.winner_changed,c=$(n.token),h=l?.(n),f=n.mixture[n.candidates.indexOf(n.token)]??0,v=d?a.strip.blend(e+1,c,se(f),g(n.entropy)):a.strip.single(e+1,c),S=d?n.candidates.map((D,ge)=>({text:D,weight:n.mixture[ge]??0})):[];return p`
    <button
      type="button"
      class="column ${n.phase} ${d?"blend":"single"} ${u?"changed":""}"
      aria-pressed=${r===e?"true":"false"}
      tabindex=${e===(r??0)?0:-1}
      @click=${()=>{o(e)}}
    >
      <span class="unseen">${v}${h===void 0?"":`, ${h.words}`}</span>
      <span class="bar" aria-hidden="true"
        >${d?S.map((D,ge)=>ss(D,Math.min(ge,es))):p`<span class="whole">${gt(n.token)}</span>`}</span
      >
      <span class="read" aria-hidden="true"
        >${M(n.token)?n.token.startsWith("</")?"\u203A":"\u2039":c}</span
      >
      ${h===void 0?m:p`<span class="under ${h.tone}" aria-hidden="true">${h.text}</span>`}
    </button>
  `}function gt(n){return M(n)?"":$(n)}function ss({text:n,weight:e},t){return e>.004?p`<span class="segment rank-${t} ${M(n)?"mark":""}" .style=${`flex-grow:${e}`}
    >${e>=Qt?gt(n):m}</span
  >`:m}var ce=x`
  .strip {
    display: flex;
    gap: 2px;
    overflow-x: auto;
    scroll-snap-type: x proximity;
    padding: 4px 4px 8px;
  }
  .column {
    /* What is unseen in it scrolls with it. */
    position: relative;
    flex: none;
    display: flex;
    flex-direction: column;
    gap: 2px;
    align-items: stretch;
    width: 44px;
    min-height: 0;
    padding: 3px;
    border: 1px solid transparent;
    border-radius: 4px;
    scroll-snap-align: start;
    white-space: nowrap;
  }
  .column.ahead {
    border: 1px dashed var(--line);
  }
  .column[aria-pressed="true"] {
    border-color: var(--ink);
  }
  .bar {
    display: flex;
    flex-direction: column-reverse;
    height: var(--bar, 88px);
    border-radius: 3px;
    overflow: hidden;
    font: 14px/1 var(--mono);
    text-align: center;
  }
  .segment,
  .whole {
    display: grid;
    place-items: center;
    min-height: 1px;
    flex-basis: 0;
    overflow: hidden;
  }
  .segment + .segment {
    border-bottom: 1px solid var(--paper);
  }
  .rank-0 {
    background: var(--soft);
    color: var(--on-soft);
  }
  .rank-1 {
    background: var(--soft-1);
    color: light-dark(#0c1418, #ffffff);
  }
  .rank-2 {
    background: var(--soft-2);
  }
  .rank-3 {
    background: var(--soft-3);
  }
  .segment.mark {
    font-size: 11px;
  }
  .whole {
    flex: 1;
    border: 2px solid var(--discrete);
    border-radius: 3px;
    color: var(--discrete-ink);
  }
  .soft .whole {
    border: 1px solid var(--line-strong);
    color: var(--ink-quiet);
  }
  .read {
    font: 16px/1.4 var(--mono);
    text-align: center;
  }
  .answer .read {
    color: var(--ink-quiet);
  }
  .changed .read::after {
    content: "*";
    color: var(--attention-ink);
  }
  .under {
    font-size: 12px;
    line-height: 1.2;
    text-align: center;
  }
`;var is=600,ue=class extends b{static properties={...b.properties,task:{},difficulty:{type:Number},question:{},questionSeed:{type:Number,attribute:"question-seed"},seed:{type:Number},policy:{},soft:{state:!0},discrete:{state:!0},at:{state:!0},playing:{state:!0}};static styles=[...b.styles,ce,j,rs()];#t;constructor(){super(),this.task="chain_sum",this.questionSeed=16,this.seed=7,this.policy="soft",this.at=0,this.playing=!1}async begin(){let e=await this.lab(),t=this.difficulty===void 0?{}:{difficulty:this.difficulty},s=this.question??(await e.question({task:this.task,...t,questionSeed:this.questionSeed})).prompt,i=async l=>{let d=[],u={task:this.task,...t,question:s,policy:l,seed:this.seed,signal:this.here};for await(let c of e.think(u)){if(ns(c))return{steps:d,result:c};d[c.step]=c}throw new Error(a.thought.noEnd)},r=await i(this.policy),o=await i("discrete");Object.assign(this,{soft:r,discrete:o,at:pe(r.steps)}),this.news=`${a.kinds.soft}: ${Ce(r)} ${a.kinds.discrete}: ${Ce(o)}`}disconnectedCallback(){super.disconnectedCallback(),this.#s()}updated(e){super.updated(e);let t=["task","difficulty","question","questionSeed","seed","policy","model","engine"];this.soft!==void 0&&t.some(s=>e.has(s)&&e.get(s)!==void 0)&&(this.#s(),this.attempt(()=>this.begin()))}get#e(){return Math.max(this.soft?.steps.length??0,this.discrete?.steps.length??0)}#n=()=>{if(this.playing){this.#s();return}this.at>=this.#e-1&&(this.at=0),this.playing=!0,this.#t=setInterval(()=>{this.at+=1,this.at>=this.#e-1&&this.#s()},is)};#s(){clearInterval(this.#t),this.playing=!1}#i(e){this.#s(),this.at=Math.max(0,Math.min(this.#e-1,e))}#a=e=>{let t=he(e.key,this.at,this.#e);if(t===void 0||!(e.target instanceof Element)||e.target.closest("select, input")!==null)return;e.preventDefault();let s=e.target.closest(".strip");this.#i(t),s!==null&&this.updateComplete.then(()=>s.querySelectorAll(".column")[this.at]?.focus())};#o=()=>{this.question=void 0,this.questionSeed+=1};content(){let{soft:e,discrete:t}=this,s=e!==void 0&&t!==void 0;return p`
      <div class="thoughts" @keydown=${this.#a}>
        <div class="row">
          <p>${a.thought.question} <strong class="token">${e?.result.question??"\u2026"}</strong></p>
          <span class="row" role="group" aria-label=${a.thought.controls}>
            <button
              type="button"
              ?disabled=${!s||this.at===0}
              @click=${()=>{this.#i(this.at-1)}}
            >
              ${a.thought.back}
            </button>
            <button type="button" class="main" ?disabled=${!s} @click=${this.#n}>
              ${this.playing?a.thought.pause:a.thought.play}
            </button>
            <button
              type="button"
              ?disabled=${!s||this.at>=this.#e-1}
              @click=${()=>{this.#i(this.at+1)}}
            >
              ${a.thought.step}
            </button>
            <button type="button" ?disabled=${!s} @click=${this.#o}>${a.thought.another}</button>
          </span>
        </div>
        ${this.#r("soft",e)} ${this.#r("discrete",t)}
      </div>
      <div class="cards">${this.#d("soft",e)}${this.#d("discrete",t)}</div>
    `}#r(e,t){let s=t!==void 0&&(!this.playing||this.at>=t.steps.length-1),i=t?.result.grade===1;return p`
      <section class=${e}>
        <h3><span class="sign" aria-hidden="true"></span>${a.kinds[e]}</h3>
        ${s?p`<p class=${i?"good":"off"}>${Ce(t)}</p>`:p`<p class="quiet">${a.thought[e]}</p>`}
        ${le({kind:e,steps:t?.steps??[],label:a.kinds[e],selected:Math.min(this.at,(t?.steps.length??1)-1),...this.playing?{reached:this.at+1}:{},onSelect:r=>{this.#i(r)}})}
      </section>
    `}#d(e,t){let s=t?.steps[this.at];if(t===void 0)return m;let i=a.thought.card(a.kinds[e],this.at+1);return s===void 0?p`<div class="card">
          <h4>${i}</h4>
          <p class="quiet">${a.thought.over}</p>
        </div>`:pt(s,i)}};function Ce({steps:n,result:e}){let t=n.filter(i=>i.phase==="think"&&!M(i.token)).length,s=$(e.answer??a.thought.none);return e.grade===1?a.thought.right(s,t):a.thought.wrong(s,e.expected,g(e.grade),t)}function rs(){return x`
    :host {
      --least-height: 640px;
    }
    .thoughts {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 16px;
    }
    section {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 4px;
    }
    .strip {
      min-height: 136px;
    }
    .cards {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(320px, 100%), 1fr));
      gap: 16px 32px;
    }
  `}customElements.define("soft-thought",ue);var X=8,os=2.5,me=class extends b{static properties={...b.properties,task:{},difficulty:{type:Number},seed:{type:Number},groups:{state:!0},group:{state:!0},row:{state:!0},at:{state:!0}};static styles=[...b.styles,ce,j,ds()];constructor(){super(),this.task="chain_sum",this.seed=1,this.groups=[],this.group=0,this.row=0,this.at=0}async begin(){let t=(await this.freshLab()).train({task:this.task,...this.difficulty===void 0?{}:{difficulty:this.difficulty},objective:"soft_grpo",learning_rate:0,max_steps:1,num_generations:X,generation_batch_size:X*8,eval_steps:0,seed:this.seed,collapse_watch:!1},{signal:this.here});await t.finished;let s=t.samples,i=Array.from({length:s.length/X},(r,o)=>s.slice(o*X,(o+1)*X));if(this.disposeOwn(),this.groups=i.filter(r=>r.some(({reward:o})=>o!==r[0]?.reward)),this.groups.length===0)throw new Error(a.group.allAlike);this.#t(0)}#t(e){let t=this.groups[e]??[];this.group=e,this.row=t.findIndex(({advantage:s})=>s===Math.max(...t.map(i=>i.advantage))),this.at=pe(t[this.row]?.steps??[]),this.news=this.#o()}#e(e,t){this.row=e,this.at=Math.min(t,(this.groups[this.group]?.[e]?.steps.length??1)-1),this.news=this.#o()}#n=e=>{let t=this.groups[this.group]??[],s={ArrowDown:1,ArrowUp:-1}[e.key],i=he(e.key,this.at,t[this.row]?.steps.length??0);s===void 0&&i===void 0||(e.preventDefault(),this.#e(Math.max(0,Math.min(t.length-1,this.row+(s??0))),i??this.at),this.updateComplete.then(()=>{this.renderRoot.querySelectorAll(".try")[this.row]?.querySelectorAll(".column")[this.at]?.focus()}))};content(){let e=this.groups[this.group]??[],[t]=e;return p`
      <div class="row">
        <p>
          ${a.thought.question} <strong class="token">${t?.question??"\u2026"}</strong> · ${a.group.expected}
          <strong class="token">${t?.expected??"\u2026"}</strong>
        </p>
        <button
          type="button"
          ?disabled=${this.groups.length<2}
          @click=${()=>{this.#t((this.group+1)%this.groups.length)}}
        >
          ${a.thought.another}
        </button>
      </div>
      <ol class="tries" @keydown=${this.#n}>
        ${e.map((s,i)=>this.#s(s,i))}
      </ol>
      <div class="credit">${this.#r()}</div>
    `}#s(e,t){let s=e.reward>=1,i=Math.max(-1,Math.min(1,e.advantage/os))*50,r=a.group.try(t+1,$(e.answer??a.thought.none),g(e.reward),E(e.advantage)),o=e.steps.filter(l=>l.phase==="think");return p`
      <li class="try">
        <span class="dot ${s?"good":"off"}" aria-hidden="true">${s?"\u2713":"\u2717"}</span>
        <div
          @pointerover=${l=>{let d=l.target.closest(".column"),u=d===null?-1:[...d.parentElement?.children??[]].indexOf(d);u>=0&&this.#e(t,u)}}
          @focusin=${l=>{let d=l.target,u=[...d.parentElement?.children??[]].indexOf(d);u>=0&&(t!==this.row||u!==this.at)&&this.#e(t,u)}}
        >
          ${le({kind:"soft",steps:o,label:r,selected:t===this.row?this.at:void 0,onSelect:l=>{this.#e(t,l)},mark:l=>this.#i(l,e)})}
        </div>
        <span class="answer"><span class="token">${$(e.answer??a.thought.none)}</span></span>
        <span class="advantage" aria-hidden="true"
          ><span
            class=${i<0?"less":"more"}
            .style=${i<0?`right:50%;width:${-i}%`:`left:50%;width:${i}%`}
          ></span
        ></span>
        <span class="number" aria-hidden="true">${E(e.advantage)}</span>
      </li>
    `}#i(e,{advantage:t}){if(!("noise"in e)||!G(e,"soft"))return;let s=e.noise[e.candidates.indexOf(e.token)]??0,i=Math.sign(s)*Math.sign(t);if(i!==0)return i>0?{text:"\u25B2",words:a.group.credit,tone:"good"}:{text:"\u25BC",words:a.group.blame,tone:"off"}}#a(){let e=this.groups[this.group]?.[this.row],t=e?.steps[this.at];return e===void 0||t===void 0?void 0:{sample:e,step:t}}#o(){let e=this.#a();if(e===void 0)return"";let{sample:t,step:s}=e;if(!G(s,"soft"))return a.group.single(this.row+1,this.at+1,$(s.token));let i=s.noise[s.candidates.indexOf(s.token)]??0;return a.group.sentence(this.row+1,this.at+1,$(s.token),E(i),E(t.advantage))}#r(){let e=this.#a();if(e===void 0)return m;let{sample:t,step:s}=e,i=G(s,"soft");return p`
      <p class="said">${this.#o()}</p>
      ${i?p`<div class="scroll" tabindex="0" role="region" aria-label=${a.group.table}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">${a.card.candidate}</th>
                    <th scope="col">${a.card.weight}</th>
                    <th scope="col" class="number">${a.card.noise}</th>
                    <th scope="col">${a.group.pushed(E(t.advantage))}</th>
                  </tr>
                </thead>
                <tbody>
                  ${s.candidates.map((r,o)=>as(r,s,o,t.advantage))}
                </tbody>
              </table>
            </div>`:m}
    `}};function as(n,e,t,s){let i=e.noise[t]??0,r=Math.sign(i)*Math.sign(s);return p`<tr>
    <th scope="row" class="token">${$(n)}</th>
    <td>${O(e.mixture[t]??0)}</td>
    <td class="number">${E(i)}</td>
    <td class=${r>0?"good":r<0?"off":""}>
      ${r>0?`\u25B2 ${a.group.more}`:r<0?`\u25BC ${a.group.less}`:a.group.neither}
    </td>
  </tr>`}function ds(){return x`
    :host {
      --least-height: 720px;
      --bar: 32px;
    }
    .tries {
      display: grid;
      grid-template-columns: 20px minmax(0, max-content) auto 120px 56px;
      gap: 4px 12px;
      min-height: 480px;
      align-content: start;
      padding: 0;
      list-style: none;
    }
    .try {
      display: grid;
      grid-column: 1 / -1;
      grid-template-columns: subgrid;
      align-items: center;
      border-bottom: 1px solid var(--line);
    }
    .dot {
      font-weight: 600;
    }
    .column {
      width: 40px;
      padding: 1px;
    }
    .column .read {
      display: none;
    }
    .strip {
      padding: 2px 2px 4px;
    }
    .answer {
      text-align: right;
      overflow-wrap: anywhere;
    }
    .number {
      text-align: right;
    }
    .advantage {
      position: relative;
      height: 16px;
      background: linear-gradient(var(--line-strong), var(--line-strong)) center / 1px 100% no-repeat;
    }
    .advantage > span {
      position: absolute;
      inset-block: 2px;
      background: var(--good);
    }
    .advantage > .less {
      background: repeating-linear-gradient(45deg, var(--attention) 0 4px, transparent 4px 6px);
    }
    .credit {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 8px;
      min-height: 240px;
      align-content: start;
    }
    .said {
      min-height: 72px;
    }
    @media (max-width: 720px) {
      .tries {
        grid-template-columns: 16px minmax(0, 1fr) auto 48px;
        gap: 4px 8px;
      }
      .advantage {
        display: none;
      }
    }
  `}customElements.define("thought-group",me);var Oe=[{kind:"soft",objective:"soft_grpo"},{kind:"discrete",objective:"grpo"}],ls=10,hs=250,fe=class extends b{static properties={...b.properties,task:{},difficulty:{type:Number},seed:{type:Number},maxSteps:{type:Number,attribute:"max-steps"},phase:{state:!0},tracks:{state:!0},left:{state:!0}};static styles=[...b.styles,oe,ps()];#t=[];#e=Ne();#n;#s={ms:0,since:0};constructor(){super(),this.task="chain_sum",this.seed=1,this.maxSteps=40,this.phase="idle",this.tracks=Ne()}begin(){return Promise.resolve()}disconnectedCallback(){super.disconnectedCallback(),clearTimeout(this.#n),this.phase="idle"}#i=()=>{this.attempt(()=>this.#a())};async#a(){this.phase="running",this.#e=Ne(),this.#r(),this.left=void 0,this.disposeOwn();try{let e=[await this.freshLab(),await this.freshLab()];this.#s={ms:0,since:performance.now()},this.#t=Oe.map(({objective:s,kind:i},r)=>{let o=e[r];if(o===void 0)throw new Error(a.race.noLab);let l={task:this.task,...this.difficulty===void 0?{}:{difficulty:this.difficulty},objective:s,max_steps:this.maxSteps,seed:this.seed,eval_steps:ls,collapse_watch:!1};return o.train(l,{signal:this.here,onEvent:d=>{if(d.type==="started"&&this.#o(i,0,void 0,d.start["val/pass@1"]),d.type!=="metrics")return;let{step:u,reward:c,"val/pass@1":h}=d.metrics;this.#o(i,u,c,h)}})});let t=await Promise.all(this.#t.map(s=>s.finished));this.#r(),this.phase=t.every(({reason:s})=>s==="finished")?"done":"stopped",this.news=this.#p()}catch(e){throw this.phase="idle",e}finally{this.#t=[],this.disposeOwn()}}#o(e,t,s,i){let r=this.#e[e];s!==void 0&&r.reward.push([t,s]),i!==void 0&&r.passed.push([t,i]),this.#n??=setTimeout(this.#r,hs)}#r=()=>{clearTimeout(this.#n),this.#n=void 0;let{soft:e,discrete:t}=this.#e;this.tracks={soft:e,discrete:t};let s=e.reward.length+t.reward.length;if(s===0||this.phase!=="running")return;let i=this.#s.ms+performance.now()-this.#s.since;this.left=i/s/1e3*(Oe.length*this.maxSteps-s)};#d=()=>{for(let e of this.#t)e.pause();this.#s.ms+=performance.now()-this.#s.since,this.phase="paused",this.news=a.race.paused};#l=()=>{for(let e of this.#t)e.resume();this.#s.since=performance.now(),this.phase="running"};#c=()=>{for(let e of this.#t)e.stop()};content(){let e=this.phase==="running"||this.phase==="paused",t=this.#u(),s=Math.max(1,Math.ceil(this.maxSteps/4));return p`
      <div class="row">
        <p class="words">${this.#p()}</p>
        ${e?p`<button
                  type="button"
                  class="main"
                  ?disabled=${this.#t.length===0}
                  @click=${this.phase==="paused"?this.#l:this.#d}
                >
                  ${this.phase==="paused"?a.race.resume:a.race.pause}
                </button>
                <button type="button" ?disabled=${this.#t.length===0} @click=${this.#c}>
                  ${a.race.stop}
                </button>`:p`<button type="button" class="main" @click=${this.#i}>
                ${this.phase==="idle"?a.race.start:a.race.again}
              </button>`}
      </div>
      <div class="charts">
        ${this.#h(a.race.reward,t.reward,s)} ${this.#h(a.race.passed,t.passed,s)}
      </div>
      ${t.reward.some(({points:i})=>i.length>0)?re(`${a.race.reward}, ${a.race.passed}`,[...t.reward,...t.passed],a.race.step):m}
    `}#h(e,t,s){let i=this.room>720,r=Array.from({length:5},(o,l)=>l*s).filter(o=>o<=this.maxSteps);return ie({label:a.race.chart(e),lines:t.map(o=>({...o,name:o.name.split(",")[0]??o.name})),width:Math.max(240,i?(this.room-32)/2:this.room),x:{from:0,to:this.maxSteps,label:a.race.step,ticks:r},y:e})}#u(){let e=(t,s)=>Oe.map(({kind:i})=>({name:`${a.race.racers[i]}, ${s}`,tone:i,points:this.tracks[i][t],marks:t==="passed"}));return{reward:e("reward",a.race.reward),passed:e("passed",a.race.passed)}}#p(){let{soft:e,discrete:t}=this.tracks;if(this.phase==="idle")return a.race.idle(this.maxSteps);let s=Math.min(e.reward.length,t.reward.length);if(this.phase==="paused")return a.race.paused;if(this.phase==="running")return a.race.running(s,this.maxSteps,this.left===void 0?void 0:Math.ceil(this.left));let i=o=>g(o.passed[0]?.[1]),r=o=>g(o.passed.at(-1)?.[1]);return a.race.ended(s,i(e),r(e),i(t),r(t))}};function Ne(){return{soft:{reward:[],passed:[]},discrete:{reward:[],passed:[]}}}function ps(){return x`
    :host {
      --least-height: 420px;
    }
    .words {
      min-height: 48px;
    }
    .charts {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(344px, 100%), 1fr));
      gap: 16px 32px;
    }
  `}customElements.define("training-race",fe);De(import.meta.url);export{b as LabFigure,ae as PassAtK,de as SoftMixture,J as SoftThinkingLabElement,ue as SoftThought,me as ThoughtGroup,fe as TrainingRace,Pe as forgetLab,ne as ownLab,Le as sharedLab};
//# sourceMappingURL=elements.js.map
