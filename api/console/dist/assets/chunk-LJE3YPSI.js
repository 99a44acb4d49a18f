import{a as e}from"./chunk-4MMEEMXZ.js";var t=[],o=e(t);export{o as a};
