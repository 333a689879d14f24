import { it } from 'vitest';
import { cellStack } from '/tmp/w-defects/src/simulation/field/cellStack.js';
import { stackState } from '/tmp/w-defects/src/simulation/field/stackState.js';
import { stackCurrents } from '/tmp/w-defects/src/simulation/field/stackCurrents.js';
import { stackField } from '/tmp/w-defects/src/simulation/field/stackField.js';
import { referenceCell } from '/tmp/w-defects/test/simulation/field/cells.js';
it('x', () => {
  for (const tabs of ['same','counter'] as const) for (const pitch of [2e-3]) {
    const t0 = performance.now();
    const c = stackCurrents(stackState(cellStack(referenceCell({tabs, distance: 0}), {pitch}), 1));
    const t1 = performance.now();
    for (const h of [5,10,20]) for (const o of ['open'] as const) {
      const px: number[]=[], py: number[]=[];
      const M = 20;
      for (let y=-M;y<=200+M;y+=2) for (let x=-M;x<=140+M;x+=2) {px.push(x*1e-3);py.push(y*1e-3);}
      const p = {x: Float64Array.from(px), y: Float64Array.from(py), z: new Float64Array(px.length).fill(h*1e-3)};
      const b = stackField(c,p,o);
      const mx=(a:Float64Array, inn=false)=>Math.max(...a.filter((_,i)=>!inn||(px[i]>=0&&px[i]<=.14&&py[i]>=0&&py[i]<=.2)).map(Math.abs))*1e6;
      console.log(tabs,pitch,h,o,[b.bx,b.by,b.bz].map(a=>mx(a).toFixed(2)+'/'+mx(a,true).toFixed(2)).join('  '));
    }
    console.log('solve', t1-t0, 'all', performance.now()-t1);
  }
}, 120000);
