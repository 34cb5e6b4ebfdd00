package org.millrace.cerner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A patient's documents.
 *
 * @param complete false where Cerner says that it left out some that it could not express: one that
 *     is not among these may be stored all the same
 */
public record FoundDocuments(List<ObjectNode> documents, boolean complete) {
  public FoundDocuments {
    documents = List.copyOf(documents);
  }

  /** How many: what stands in them is a patient's. */
  @Override
  public String toString() {
    return documents.size() + " documents";
  }
}
