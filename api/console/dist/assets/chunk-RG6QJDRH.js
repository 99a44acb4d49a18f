import{a as e}from"./chunk-E7AMWTX7.js";var s=[],o=[],r=e(s),a=e(o),d=t=>t.split(/(?<=[.”]) (?=[A-Z])/).map(a).join(" ");export{r as a,d as b};
