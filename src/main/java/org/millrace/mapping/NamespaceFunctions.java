package org.millrace.mapping;

import java.util.Locale;
import java.util.Optional;

/** The functions of authorities: HD, and the last three components of EI. */
final class NamespaceFunctions {
  private NamespaceFunctions() {}

  /**
   * HD to URI by the registry; a name that only its sender knows gets a URI of our own.
   *
   * @param first the component of HD.1: 1 in HD, 2 in EI
   */
  record Namespace(int first) implements Conversion {
    @Override
    public Made toFhir(V2Node from, Trip trip) {
      String name = from.child(first).text();
      String id = from.child(first + 1).text();
      String type = from.child(first + 2).text();
      Optional<String> uri = trip.run().rules().namespaces().uri(name, id, type);
      if (uri.isPresent()) {
        Namespaces.Authority back = trip.run().rules().namespaces().authority(uri.get());
        boolean same =
            (name.isEmpty() || name.equals(back.namespaceId()))
                && (id.isEmpty() || id.equals(back.universalId()));
        if (!same) {
          trip.note(
              CoverageNote.Kind.LOSSY,
              from.path(),
              "The authority is kept as one URI; its name or id comes back as namespaces.csv has it.");
        }
        return Functions.text(uri.get(), from, trip, "namespaces");
      }
      String local = name.isEmpty() ? id : name;
      if (local.isBlank()) {
        if (!type.isBlank()) {
          trip.note(
              CoverageNote.Kind.LOSSY,
              from.child(first + 2).path(),
              "The type of an authority's id is not kept without the id.");
        }
        return Made.nothing();
      }
      trip.run()
          .unknown(
              new UnknownCode("namespaces", local, id, from.path(), false),
              "namespaces.csv does not know this authority; it is sent as the sender's own name.");
      return Functions.text(
          Namespaces.local(trip.run().context().sender(), local), from, trip, "namespaces");
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      from.markRead(trip.run());
      if (from.text().isEmpty()) {
        return false;
      }
      Namespaces.Authority hd = trip.run().rules().namespaces().authority(from.text());
      boolean wrote =
          to.child(first).write(hd.namespaceId(), from.path(), trip.rule(), "namespaces");
      wrote |= to.child(first + 1).write(hd.universalId(), from.path(), trip.rule(), "namespaces");
      to.child(first + 2).write(hd.universalIdType(), from.path(), trip.rule(), "namespaces");
      return wrote;
    }
  }

  /** HD.2 and HD.3 as URI and back, without the registry: the name is another element's. */
  record UniversalId() implements Conversion {
    @Override
    public Made toFhir(V2Node from, Trip trip) {
      String id = from.child(2).text().strip();
      String type = from.child(3).text().strip().toUpperCase(Locale.ROOT);
      Optional<String> uri = Namespaces.ownUri(id, type);
      if (id.isEmpty() || (uri.isEmpty() && id.chars().anyMatch(Character::isWhitespace))) {
        return id.isEmpty() ? Made.nothing() : Functions.unreadable(from, trip, "id of a kind");
      }
      if (uri.isEmpty()) {
        trip.note(
            CoverageNote.Kind.LOSSY,
            from.path(),
            "This is no id of its kind; it is kept as it is, and its kind comes back as URI.");
      }
      return Functions.text(uri.orElse(id), from, trip, "universal-id");
    }

    @Override
    public boolean toV2(FhirNode from, V2Slot to, Trip trip) {
      from.markRead(trip.run());
      if (from.text().isEmpty()) {
        return false;
      }
      Namespaces.Authority hd = trip.run().rules().namespaces().authority(from.text());
      boolean wrote = to.child(2).write(hd.universalId(), from.path(), trip.rule(), "namespaces");
      to.child(3).write(hd.universalIdType(), from.path(), trip.rule(), "namespaces");
      return wrote;
    }
  }
}
