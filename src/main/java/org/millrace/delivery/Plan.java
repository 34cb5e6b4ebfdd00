package org.millrace.delivery;

import org.millrace.mapping.MappedResource;
import org.millrace.mapping.Verdict;

/** What is to be done at Cerner with one resource of a message. */
sealed interface Plan {

  MappedResource resource();

  /** It becomes a document of its own. */
  record Create(MappedResource resource) implements Plan {}

  /** A document of an earlier message is replaced or withdrawn by it. */
  record Change(MappedResource resource, FiledDocument document) implements Plan {
    boolean withdraws() {
      return resource.verdict().decision() == Verdict.Decision.WITHDRAW;
    }
  }

  /** All is as it asks for already. */
  record Nothing(MappedResource resource) implements Plan {}
}
