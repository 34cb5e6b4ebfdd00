package org.millrace.mapping;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One resource that a message became.
 *
 * @param action the Cerner action it is for, for example {@code create-document}
 * @param anchor where it stands in the message: {@code OBR[2]}, {@code OBR[2]/OBX[5]}; unique
 *     within the run
 * @param json the resource; empty of content where the verdict is not FILE
 * @param verdict what is to become of it
 */
public record MappedResource(String action, String anchor, ObjectNode json, Verdict verdict) {

  /** The action and the anchor only: the content is a patient's. */
  @Override
  public String toString() {
    return action + " " + anchor + " " + verdict;
  }
}
