package org.millrace.journal;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Which lanes this engine may deliver. Thread-safe.
 *
 * <p>Lanes hash into slots, and a slot has one owner at a time. What is written of a delivery is
 * written {@link #under} a lease, and is refused with a {@link LeaseLostException} once the slot
 * has changed its owner, however late it comes. An engine that has its journal to itself owns all
 * slots, always.
 */
public interface LaneLeases {
  /** How many slots there are; part of the schema. */
  int SLOTS = 256;

  /** In which slot a lane is. */
  static int slotOf(String lane) {
    return Math.floorMod(lane.hashCode(), SLOTS);
  }

  /** Takes part from now on. */
  void join();

  /**
   * Looks who else is there, and takes of what is nobody's up to a fair share; to be called every
   * second or so.
   *
   * @throws JournalException if the database cannot be asked just now
   */
  void follow();

  /** What is owned, by slot. */
  Map<Integer, Lease> held();

  /** How many slots are owned beyond the fair share. */
  int surplus();

  /** Gives slots back, in which nothing is under way. */
  void release(Collection<Integer> slots);

  /**
   * Whether what is owned may be acted upon: it will not be taken over within a comfortable time,
   * also if this process was stopped or its machine slept until now.
   */
  boolean sure();

  /** The lease of a lane; empty if it is not owned, or not for sure. */
  default Optional<Lease> of(String lane) {
    return sure() ? Optional.ofNullable(held().get(slotOf(lane))) : Optional.empty();
  }

  /** Does something with everything that this thread writes meanwhile written under this lease. */
  <T> T under(Lease lease, Supplier<T> work);

  /**
   * For the moment before something leaves that cannot be taken back.
   *
   * @throws LeaseLostException if the lease that this thread works under is not held for sure
   */
  void mustHold();

  /**
   * The lease that this thread works under; empty if this engine delivers nothing, or is alone.
   *
   * @throws IllegalStateException if it shares its journal, delivers, and this thread works under
   *     none
   */
  Optional<Lease> current();

  /** Gives back all there is; takes no part any more. */
  void leave();
}
