import{a as e}from"./chunk-WQUNRWKU.js";var t=[],o=e(t);export{o as a};
