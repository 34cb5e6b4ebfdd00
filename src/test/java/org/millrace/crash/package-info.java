/**
 * Kills real engines and their database at named moments and at random, or lets Cerner fail, and
 * judges from the outside whether anything was lost, filed twice, or filed out of order. Senders
 * and the stand-in for Cerner live in the harness and survive; all they see goes into a history
 * file. The judge reads that file, what Cerner holds and what the journal admits to, and knows
 * nothing of the harness.
 */
@NullMarked
package org.millrace.crash;

import org.jspecify.annotations.NullMarked;
