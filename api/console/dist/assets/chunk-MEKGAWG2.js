import{a as e}from"./chunk-PPLNLKME.js";var t=[],o=e(t);export{o as a};
