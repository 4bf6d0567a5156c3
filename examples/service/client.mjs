// A dispatch system in another language: a call goes on, each segment is sent as it was said, and what comes of it shown.
//
//   triage-triggers serve -r uk-ambulance --token-file token.txt
//   TRIAGE_TRIGGERS_TOKEN=$(cat token.txt) node examples/service/client.mjs http://127.0.0.1:8000
//
// Node 18 or newer; nothing to install.
const address = process.argv[2] ?? "http://127.0.0.1:8000";
const headers = {
  authorization: `Bearer ${process.env.TRIAGE_TRIGGERS_TOKEN}`,
  "content-type": "application/json",
};

async function send(message) {
  const answer = await fetch(`${address}/v1/messages`, { method: "POST", headers, body: JSON.stringify(message) });
  const { events, message: refused } = await answer.json();
  if (refused) throw new Error(`${answer.status}: ${refused}`);
  for (const event of events) {
    if (event.event === "error") throw new Error(event.message);
    if (event.event === "suggestion_raised") console.log(`${event.time} s: suggest ${event.code}; a person decides`);
    if (event.event === "suggestion_superseded") console.log(`${event.time} s: ${event.code} no longer: ${event.reason}`);
    if (event.event === "advice_changed") console.log(`${event.time} s: consider ${event.advice.join(", ")}`);
  }
  return events.at(-1); // how the call stands
}

const ready = await (await fetch(`${address}/ready`)).json();
console.log(`${ready.ruleset.id} ${ready.ruleset.version}, log ${ready.log}`);

const call_id = `INC-${process.pid}`;
await send({ type: "open", call_id, current_code: "C3" });
await send({ call_id, text: "Has he hurt her?", speaker: "call_taker", start: 1.0, end: 2.1 });
await send({ call_id, text: "Her husband had his hands round her throat.", speaker: "caller", start: 2.9, end: 5.0 });
await send({ type: "respond", call_id, answer: "accepted", reason: "told the dispatcher" });
await send({ type: "code", call_id, current_code: "C2" });
const closed = await send({ type: "close", call_id });
console.log(`closed at ${closed.assessment.current_code}, flagged: ${closed.assessment.flagged}`);
