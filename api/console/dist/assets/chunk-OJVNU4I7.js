import{a as e}from"./chunk-XK7V65TB.js";var t=[],o=e(t);export{o as a};
