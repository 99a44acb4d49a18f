import{a as e}from"./chunk-JTSCRYW2.js";var t=[],o=e(t);export{o as a};
