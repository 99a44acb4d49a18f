import{a as e}from"./chunk-HIH5H2HY.js";var t=[],o=e(t);export{o as a};
