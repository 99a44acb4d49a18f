import{a as e}from"./chunk-WQUNRWKU.js";var t=[],s=[],a=e(t),n=e(s);export{a,n as b};
