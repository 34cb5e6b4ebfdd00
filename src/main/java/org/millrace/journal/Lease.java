package org.millrace.journal;

/**
 * The right to deliver the lanes of one slot.
 *
 * @param slot which lanes: see {@link LaneLeases#slotOf}
 * @param fence tells this ownership of the slot from every other one, earlier or later
 */
public record Lease(int slot, long fence) {}
