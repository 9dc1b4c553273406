import { createNode } from "motet";
const nodes=5; let delivered=0; const mesh=[];
const bytes=Number(process.argv[2]); const count=Number(process.argv[3]);
for(let i=0;i<nodes;i++){const node=await createNode({network:{name:"bench",plain:true,unsigned:true},listen:["tcp://127.0.0.1:0"]});
 node.on("message",(m)=>{delivered++; m.payload;}); let missing=mesh.length;
 await new Promise(r=>{ if(!missing) r(); node.on("peer.up",()=>--missing===0&&r()); for(const o of mesh) node.dial(o.addresses[0]);}); mesh.push(node);}
const tick=()=>new Promise(r=>setImmediate(r)); const data=new Uint8Array(bytes).fill(7);
const b=process.cpuUsage();
for(let sent=0;sent<count;){const room=1024-(sent-delivered/4);for(let i=0;i<Math.min(64,room,count-sent);i++,sent++)mesh[0].tryBroadcast("",data);await tick();}
while(delivered<count*4)await tick();
const {user,system}=process.cpuUsage(b); console.log(delivered/(user+system)*1e6);
await Promise.all(mesh.map(n=>n.close()));
