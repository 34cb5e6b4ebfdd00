package org.millrace.mapping;

import ca.uhn.fhir.context.BaseRuntimeChildDefinition;
import ca.uhn.fhir.context.BaseRuntimeElementCompositeDefinition;
import ca.uhn.fhir.context.BaseRuntimeElementDefinition;
import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.DataFormatException;
import java.util.Optional;

/** FHIR R4 as HAPI FHIR knows it. Used at load only. */
final class FhirModel {
  private final FhirContext context = FhirContext.forR4Cached();

  /** A resource by its name. */
  Optional<BaseRuntimeElementDefinition<?>> resource(String name) {
    try {
      return Optional.of(context.getResourceDefinition(name));
    } catch (DataFormatException e) {
      return Optional.empty();
    }
  }

  /** A data type by its name, primitive or not. */
  Optional<BaseRuntimeElementDefinition<?>> type(String name) {
    return Optional.ofNullable(context.getElementDefinition(name));
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
