// Asks the facade as a program of others would, with fhirclient, and prints one JSON object of what came.
const FhirClient = require("fhirclient/lib/FhirClient").default;

async function failing(call) {
  try {
    await call();
    return { status: 0 };
  } catch (error) {
    const outcome = JSON.parse(error.message.slice(error.message.indexOf("{")));
    return { status: error.status, type: outcome.resourceType, text: outcome.issue[0].details.text };
  }
}

async function main(base) {
  const client = new FhirClient(base);
  const found = {};
  found.release = await client.getFhirRelease();
  const patient = await client.fhirRequest("Patient/12990001");
  found.patient = patient.id;
  found.pages = 0;
  found.encounters = [];
  for await (const page of client.pages("Encounter?patient=12990006&_count=2")) {
    found.pages += 1;
    (page.entry || []).forEach((entry) => found.encounters.push(entry.resource.id));
  }
  const created = await client.create({
    resourceType: "DocumentReference",
    status: "current",
    docStatus: "final",
    type: { coding: [{ system: "http://loinc.org", code: "11506-3" }] },
    subject: { reference: "Patient/12990001" },
    description: "Of another program",
    content: [{ attachment: { contentType: "text/plain;charset=utf-8", data: "U2VlbiBvbiB0aGUgd2FyZC4=" } }],
    context: { period: { end: "2026-11-20T15:00:00Z" } },
  }, { headers: { Prefer: "return=representation" } });
  found.created = created.id;
  const again = await client.fhirRequest("DocumentReference/" + created.id);
  found.read = again.id;
  found.missing = await failing(() => client.fhirRequest("Patient/1"));
  found.unknown = await failing(() => client.fhirRequest("Patient?colour=red"));
  console.log(JSON.stringify(found));
}

main(process.argv[2]).catch((error) => {
  console.error(error.stack);
  process.exit(1);
});
