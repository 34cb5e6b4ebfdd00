package org.millrace.delivery;

/** A step of a delivery: it goes on with a value, or the attempt ends here. */
sealed interface Step<T> {

  record Go<T>(T value) implements Step<T> {}

  record Stop<T>(Outcome outcome) implements Step<T> {}

  static <T> Step<T> go(T value) {
    return new Go<>(value);
  }

  static <T> Step<T> stop(Outcome outcome) {
    return new Stop<>(outcome);
  }
}
