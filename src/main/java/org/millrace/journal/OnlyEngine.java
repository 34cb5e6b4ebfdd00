package org.millrace.journal;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The leases of an engine that has its journal to itself: all, always. */
final class OnlyEngine implements LaneLeases {
  private static final Map<Integer, Lease> ALL =
      IntStream.range(0, SLOTS)
          .boxed()
          .collect(Collectors.toUnmodifiableMap(Function.identity(), slot -> new Lease(slot, 0)));

  @Override
  public void join() {
    // Nobody else is there.
  }

  @Override
  public void follow() {
    // Nothing changes.
  }

  @Override
  public Map<Integer, Lease> held() {
    return ALL;
  }

  @Override
  public int surplus() {
    return 0;
  }

  @Override
  public void release(Collection<Integer> slots) {
    throw new IllegalStateException("there is nobody to give them to");
  }

  @Override
  public boolean sure() {
    return true;
  }

  @Override
  public <T> T under(Lease lease, Supplier<T> work) {
    return work.get();
  }

  @Override
  public void mustHold() {
    // It is held.
  }

  @Override
  public Optional<Lease> current() {
    return Optional.empty();
  }

  @Override
  public void leave() {
    // The file is given back as the journal is closed.
  }
}
