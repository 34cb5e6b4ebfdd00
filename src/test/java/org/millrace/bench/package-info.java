/**
 * How long reading and mapping take, and what they allocate. Not tests: {@code ./millrace bench
 * mapping} runs them. What must hold on every machine, that cost grows with size and no faster, is
 * asserted by {@code GrowthTest}.
 */
package org.millrace.bench;
