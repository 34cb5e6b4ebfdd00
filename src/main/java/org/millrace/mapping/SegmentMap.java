package org.millrace.mapping;

import java.util.List;

/**
 * One compiled segment file.
 *
 * @param each the repeating element that each segment of this name makes, {@code contact}; empty if
 *     its rules start from the resource itself
 */
record SegmentMap(String segment, String resource, String each, String where, List<Rule> rules) {
  String key() {
    return segment + "/" + resource;
  }
}
