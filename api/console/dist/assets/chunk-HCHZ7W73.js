import{a as e}from"./chunk-XK7V65TB.js";var a=[],n=[],i=e(a),r=e(n),h=t=>t.split(/(?<=[.”]) (?=[A-Z])/).map(s=>r(s).replace(/^./,o=>o.toUpperCase())).join(" ");export{i as a,h as b};
