import{a as e}from"./chunk-HIH5H2HY.js";var t=[],s=[],a=e(t),n=e(s);export{a,n as b};
