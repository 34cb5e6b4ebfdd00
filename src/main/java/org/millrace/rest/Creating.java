package org.millrace.rest;

import org.millrace.delivery.ChartCreates;

/**
 * The ways of a create, which the faces of one tenant share.
 *
 * @param chart sends it while its caller waits
 * @param idempotent answers again what was created under a key
 * @param stored takes it to be delivered
 */
record Creating(ChartCreates chart, IdempotentCreates idempotent, StoredCreates stored) {}
