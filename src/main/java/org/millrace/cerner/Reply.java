package org.millrace.cerner;

import java.util.function.Function;

/** What an action came to: a value or a fault. */
public sealed interface Reply<T> {

  record Done<T>(T value) implements Reply<T> {}

  record Failed<T>(Fault fault) implements Reply<T> {
    /** The same failure, for a caller that returns something else. */
    public <U> Failed<U> as() {
      return new Failed<>(fault);
    }
  }

  static <T> Reply<T> done(T value) {
    return new Done<>(value);
  }

  static <T> Reply<T> failed(Fault fault) {
    return new Failed<>(fault);
  }

  /** Goes on with the value, or hands the fault through. */
  default <U> Reply<U> then(Function<T, Reply<U>> next) {
    if (this instanceof Done<T> done) {
      return next.apply(done.value());
    }
    return ((Failed<T>) this).as();
  }
}
