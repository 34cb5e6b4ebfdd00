package org.millrace.mapping;

/**
 * The way of one output value. No values: paths and rules only.
 *
 * @param target where it stands: {@code OBR[1] DocumentReference.type.coding[0].code} or {@code
 *     PID-5[1].1}
 * @param source where it comes from: {@code OBR[1]-4.1}, {@code Patient.name[0].family}, {@code
 *     given:subject}, {@code fixed}
 * @param rule {@code segments/PID.yaml:12}
 * @param through function or table row, {@code HL70001:3}; empty if copied
 */
public record Lineage(String target, String source, String rule, String through) {}
