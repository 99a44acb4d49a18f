import{a as e}from"./chunk-BMFJTSTZ.js";var t=[],o=e(t);export{o as a};
