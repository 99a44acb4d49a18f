import{a,b}from"./chunk-LQE5DXRE.js";import"./chunk-2S7VXMYB.js";import"./chunk-BFWQCEEU.js";import"./chunk-PA7S4N3Q.js";import"./chunk-S4TOETBP.js";export{b as Weeks,a as default};
