package org.millrace.delivery;

import java.util.Optional;

/** Where in Cerner a message belongs: the patient and the visit that were found for it. */
record ChartPlace(String patientId, Optional<String> encounterId) {}
