import{a as s}from"./chunk-5FGX7N3K.js";var e=[],o=s(e);export{o as a};
