import{a as e}from"./chunk-E7AMWTX7.js";var t=[],o=e(t);export{o as a};
