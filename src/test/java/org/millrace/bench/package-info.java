/**
 * How long reading and mapping take, and how fast messages are acknowledged and filed. Not tests:
 * {@code ./millrace bench mapping} and {@code ./millrace bench delivery} run them. What must hold
 * on every machine is asserted: by {@code GrowthTest}, that cost grows with size and no faster, and
 * by {@code DeliveryRunTest}, that what is measured of delivery is acknowledged, stored and filed.
 */
package org.millrace.bench;
