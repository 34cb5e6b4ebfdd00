package org.millrace.mapping;

/** A value a rule reads on the v2 side: a repetition, a component, a subcomponent, a given text. */
interface V2Node {

  /** Decoded text; reading it tells the coverage that the value was used. */
  String text();

  /** A part, 1-based; empty past the end. */
  V2Node child(int number);

  /** Decoded text of everything here, delimiters in it taken as characters. */
  String whole();

  /** An escape in here has no text of its own, so that decoding leaves it out. */
  boolean losesEscapes();

  /** Nothing stands here. */
  boolean isEmpty();

  /** The HL7 null. */
  boolean isNull();

  /** {@code PID-5[2].1}, {@code given:subject}. */
  String path();

  /** Tells the coverage that everything here was used. */
  void markWhole();

  /** Decoded text without telling anybody: for conditions. */
  String peek();
}
