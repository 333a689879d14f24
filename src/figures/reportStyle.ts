/**
 * The look of a report. Colours are variables, so that dark and light differ in one place; on paper it is always light.
 * Figures draw in `currentColor` and follow. On paper rules are as specific as those of the interactive part, which come behind.
 * There no page ends with a few rows of parameters: how the result came about stays together, and where that is short, with
 * what the scan could have seen.
 */
export const REPORT_STYLE = `:root{--paper:#fff;--ink:#1b1f24;--soft:#59636e;--line:#d9dee3;--wash:#f5f7f9;--warn:#b45309;--warn-wash:#fff8eb}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font-size:16px;line-height:1.55}
main{max-width:1200px;margin:0 auto;padding:40px 32px 64px}
header{border-bottom:1px solid var(--line);padding-bottom:16px;margin-bottom:24px}
h1{font-size:28px;line-height:1.2;font-weight:600;letter-spacing:-.015em;margin:0 0 6px;overflow-wrap:anywhere}
h2{font-size:19px;line-height:1.3;font-weight:600;letter-spacing:-.005em;margin:44px 0 14px}
h3{font-size:15px;font-weight:600;margin:24px 0 6px}
p{margin:0 0 10px;max-width:72ch}
.made{margin:0;color:var(--soft);font-size:14px;max-width:none;overflow-wrap:anywhere}
.made span+span::before{content:"·";margin:0 6px 0 2px}
.lead{font-size:20px;line-height:1.4;font-weight:600;letter-spacing:-.008em}
.verdict p{overflow-wrap:anywhere}
.warnings{margin:24px 0 0;padding:14px 18px;border:1px solid var(--warn);border-left-width:5px;border-radius:4px;background:var(--warn-wash)}
.warnings h2{margin:0 0 6px;font-size:16px;color:var(--warn)}
.warnings ul{margin:0}
ul{padding-left:20px;margin:0;max-width:76ch}
li{margin:4px 0;overflow-wrap:anywhere}
li::marker{color:var(--soft)}
.figures{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:28px 24px;align-items:start}
figure{margin:0;min-width:0}
figure.wide{grid-column:span 2;grid-row:span 2}
figure svg{display:block;max-width:100%;height:auto;color:inherit}
figure .narrow{display:none}
sub{line-height:0}
figcaption{color:var(--soft);font-size:14px;line-height:1.45;margin:0 0 0 10px;max-width:64ch}
table{border-collapse:collapse;width:100%;max-width:860px;font-size:15px}
th,td{text-align:left;vertical-align:baseline;padding:7px 16px 7px 0;border-bottom:1px solid var(--line);font-weight:400}
td{font-variant-numeric:tabular-nums}
.value{font-weight:600;white-space:nowrap}
.note{color:var(--soft);font-size:14px}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.record{font-size:13.5px;max-width:none}
.record th{color:var(--soft);width:30%}
.record th,.record td{padding:4px 16px 4px 0;overflow-wrap:anywhere}
.hash,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;font-size:12.5px}
pre{margin:0;padding:12px 14px;background:var(--wash);border:1px solid var(--line);border-radius:4px;line-height:1.5;white-space:pre-wrap;overflow-wrap:anywhere}
@media screen and (max-width:1060px){.figures{grid-template-columns:repeat(2,minmax(0,1fr))}}
@media screen and (max-width:700px){
figure .broad{display:none}figure .narrow{display:block}
main{padding:24px 16px 48px}
h1{font-size:23px}.lead{font-size:18px}h2{margin-top:34px}
.figures{grid-template-columns:minmax(0,1fr)}
figure.wide{grid-column:auto;grid-row:auto}
figcaption{margin-left:4px}
table tr{display:grid;grid-template-columns:minmax(0,1fr) fit-content(62%);padding:7px 0;border-bottom:1px solid var(--line)}
th,td{border:0;padding:0}
.value{text-align:right;padding-left:12px;white-space:normal;overflow-wrap:anywhere}
.note{grid-column:1/-1}
.record tr{display:block}.record th{width:auto;display:block}.record td{display:block}
}
@media screen and (prefers-color-scheme:dark){
:root{--paper:#14171a;--ink:#e7eaed;--soft:#9ba5af;--line:#31373d;--wash:#1b1f23;--warn:#e3a04a;--warn-wash:#271e10}
}
@page{size:A4;margin:15mm 15mm 16mm}
@media print{
html{-webkit-print-color-adjust:exact;print-color-adjust:exact}
html body{font-size:10pt;line-height:1.45}
li{margin:2pt 0}
html body>main{max-width:none;padding:0}
h1{font-size:18pt}h2{font-size:12.5pt;margin:16pt 0 7pt;break-after:avoid}h3{font-size:10.5pt;margin:11pt 0 3pt;break-after:avoid}
.lead{font-size:12.5pt}.made,figcaption,.note{font-size:8.5pt}
table{font-size:9.5pt;line-height:1.4}th,td{padding:2.5pt 12pt 2.5pt 0}pre{font-size:7.2pt;line-height:1.3;padding:6pt 8pt}
table.record{font-size:7.8pt;line-height:1.3}table.record th,table.record td{padding:1.5pt 8pt 1.5pt 0;white-space:normal}td.hash{font-size:6.8pt}
.parameters,.parameters tbody{display:block}
.parameters tbody{columns:2;column-gap:8mm}
.parameters tr{display:grid;grid-template-columns:minmax(0,2fr) minmax(0,3fr)}
table.parameters th{width:auto}
.parameters .long{column-span:all;grid-template-columns:minmax(0,1fr) minmax(0,5fr)}
.figures{gap:11pt 10pt}
.figures:not(:has(>.wide,>:nth-child(3))){grid-template-columns:repeat(2,minmax(0,1fr))}
figure svg{width:auto;max-height:66mm}figure.wide svg{max-height:118mm}
figure,tr,li,.warnings,.process,.parameters,pre{break-inside:avoid}
main:not(:has(.process pre,.process tr:nth-child(36))) .sight{break-inside:avoid;break-after:avoid}
table:not(.parameters) tr:is(:nth-child(2),:nth-child(3),:nth-last-child(-n+2)){break-before:avoid}
thead{display:none}
}
`;
