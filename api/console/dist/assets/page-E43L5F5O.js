import{a,b}from"./chunk-A4WHBQKD.js";import"./chunk-NNTEDXZ4.js";import"./chunk-AWCZP3IC.js";import"./chunk-2Q4QD2JD.js";import"./chunk-5JNRT6SK.js";export{b as Weeks,a as default};
