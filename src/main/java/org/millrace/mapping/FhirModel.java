package org.millrace.mapping;

import ca.uhn.fhir.context.BaseRuntimeChildDefinition;
import ca.uhn.fhir.context.BaseRuntimeElementCompositeDefinition;
import ca.uhn.fhir.context.BaseRuntimeElementDefinition;
import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.DataFormatException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * FHIR R4 as HAPI FHIR knows it. Used at load only. Reading the model takes most of a cold start,
 * so it begins in the background while the files are read.
 */
final class FhirModel {
  private final CompletableFuture<FhirContext> context =
      CompletableFuture.supplyAsync(FhirModel::begun);

  private static FhirContext begun() {
    FhirContext r4 = FhirContext.forR4Cached();
    r4.getResourceDefinition("Patient");
    r4.getResourceDefinition("Encounter");
    r4.getResourceDefinition("DocumentReference");
    return r4;
  }

  /** A resource by its name. */
  Optional<BaseRuntimeElementDefinition<?>> resource(String name) {
    if (name.isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(context.join().getResourceDefinition(name));
    } catch (DataFormatException e) {
      return Optional.empty();
    }
  }

  /** A data type by its name, primitive or not. */
  Optional<BaseRuntimeElementDefinition<?>> type(String name) {
    return Optional.ofNullable(context.join().getElementDefinition(name));
  }

  /** An element of a resource that segments are made from, {@code Patient} and {@code contact}. */
  Optional<BaseRuntimeElementDefinition<?>> element(String resource, String element) {
    Optional<BaseRuntimeElementDefinition<?>> root = resource(resource);
    if (element.isEmpty() || root.isEmpty()) {
      return root;
    }
    if (root.get() instanceof BaseRuntimeElementCompositeDefinition<?> composite) {
      BaseRuntimeChildDefinition child = composite.getChildByName(element);
      if (child != null && child.getMax() != 1) {
        return Optional.ofNullable(child.getChildByName(element));
      }
    }
    return Optional.empty();
  }
}
