package org.millrace.rest;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.millrace.cerner.Permission;
import org.millrace.cerner.Permission.Interaction;

/** What each type of the FHIR facade and each JSON action needs of Cerner. */
public final class HttpNeeds {
  private HttpNeeds() {}

  /** By what callers know it as: {@code /fhir/r4/Patient}, {@code /actions/get-patient}. */
  public static Map<String, Set<Permission>> all() {
    Map<String, Set<Permission>> needs = new TreeMap<>();
    for (ServedType type : ServedType.TABLE) {
      Set<Permission> permissions = new TreeSet<>();
      type.interactions()
          .forEach(each -> permissions.add(new Permission(type.name(), interaction(each.code()))));
      needs.put(FhirFacade.MOUNT + "/" + type.name(), permissions);
    }
    for (Action action : Action.TABLE) {
      needs.put(
          Actions.MOUNT + "/" + action.name(),
          Set.of(new Permission(action.resourceType(), ofAction(action.name()))));
    }
    return needs;
  }

  /** By FHIR R4's type-restful-interaction; a patch is an update to SMART. */
  private static Interaction interaction(String code) {
    return switch (code) {
      case "create" -> Interaction.CREATE;
      case "update", "patch" -> Interaction.UPDATE;
      case "search-type" -> Interaction.SEARCH;
      default -> Interaction.READ;
    };
  }

  /** Actions are named by a verb and what it is done to; the plural lists what a patient has. */
  private static Interaction ofAction(String name) {
    String verb = name.substring(0, name.indexOf('-'));
    return switch (verb) {
      case "create" -> Interaction.CREATE;
      case "get" -> name.endsWith("s") ? Interaction.SEARCH : Interaction.READ;
      case "find", "search", "list" -> Interaction.SEARCH;
      default -> Interaction.UPDATE;
    };
  }
}
