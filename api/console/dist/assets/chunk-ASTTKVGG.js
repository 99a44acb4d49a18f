import{a as e}from"./chunk-SB2IYAYQ.js";var t=[],o=e(t);export{o as a};
