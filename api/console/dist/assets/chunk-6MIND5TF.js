import{a as e}from"./chunk-5FGX7N3K.js";var t=[],o=e(t);export{o as a};
