package org.millrace.query;

import java.util.function.Function;
import org.millrace.hl7.V2Fault;

/** What a step towards the answer came to: a value, or the fault the sender is told. */
sealed interface Finding<T> {

  record Found<T>(T value) implements Finding<T> {}

  record Refused<T>(V2Fault fault) implements Finding<T> {}

  static <T> Finding<T> found(T value) {
    return new Found<>(value);
  }

  static <T> Finding<T> refused(V2Fault fault) {
    return new Refused<>(fault);
  }

  /** Goes on with the value, or hands the fault through. */
  default <U> Finding<U> then(Function<T, Finding<U>> next) {
    if (this instanceof Found<T> found) {
      return next.apply(found.value());
    }
    return refused(((Refused<T>) this).fault());
  }
}
