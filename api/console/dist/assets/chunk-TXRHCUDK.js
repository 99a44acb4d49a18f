import{a as e}from"./chunk-5HWHY7TE.js";var t=[],o=e(t);export{o as a};
