package org.millrace.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What Cerner does with one type of resource; each step throws a {@link Refusal} instead. */
interface ResourceRules {
  String type();

  /** The interactions offered, as SMART v2 letters: c, r, u (PUT), p (PATCH), s. */
  String interactions();

  Found search(SearchParameters query);

  /** Checks and stores a new resource; gives it back as it is read from now on. */
  default ObjectNode create(ObjectNode sent) {
    throw Refusal.notSupported(type() + " cannot be created");
  }

  /** Checks and stores a replacement. */
  default void update(ObjectNode stored, ObjectNode sent) {
    throw Refusal.notSupported(type() + " cannot be updated");
  }

  /** Checks and applies a JSON patch. */
  default void patch(ObjectNode stored, ArrayNode operations) {
    throw Refusal.notSupported(type() + " cannot be patched");
  }
}
