package org.millrace.mapping;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.millrace.hl7.V2Header;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;

/** The resources that one message has become so far, and how they name each other. */
final class MadeResources {
  private final V2Header header;
  private final List<MappedResource> resources = new ArrayList<>();
  private final Set<String> anchors = new HashSet<>();
  private final NavigableMap<Integer, List<Named>> all = new TreeMap<>();
  private final Map<String, NavigableMap<Integer, Named>> byType = new HashMap<>();

  /**
   * One that others may name.
   *
   * @param position of the segment it was made from
   */
  record Named(String anchor, String type, String reference, int position) {}

  MadeResources(V2Message message) {
    this.header = message.header();
  }

  List<MappedResource> resources() {
    return resources;
  }

  void add(MappedResource resource) {
    anchors.add(resource.anchor());
    resources.add(resource);
  }

  /**
   * Where a resource stands: {@code IN1[1]}; a second kind from the same segment is {@code
   * IN1[1]/RelatedPerson}. Each is given out once.
   */
  Named name(V2Segment from, String type) {
    return name(from.name() + "[" + from.sequence() + "]", type, from.position());
  }

  /** One that a value names, {@code PV1[1]-7[1]}. */
  Named nameValue(String path, String type) {
    return name(path, type, -1);
  }

  private Named name(String where, String type, int position) {
    String anchor = where;
    if (!anchors.add(anchor)) {
      anchor += "/" + type;
      anchors.add(anchor);
    }
    String key = header.sender() + "|" + header.controlId() + "|" + anchor + "|" + type;
    UUID id = UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8));
    return new Named(anchor, type, "urn:uuid:" + id, position);
  }

  /** It is there, whichever group asks. */
  void known(Named named) {
    all.computeIfAbsent(named.position(), position -> new ArrayList<>()).add(named);
  }

  /**
   * All that the segments from one position on have become.
   *
   * @param end the position after the last
   */
  List<Named> between(int start, int end) {
    return all.subMap(start, end).values().stream().flatMap(List::stream).toList();
  }

  /** From now on later groups may name it. */
  void publish(Named named) {
    byType
        .computeIfAbsent(named.type(), type -> new TreeMap<>())
        .putIfAbsent(named.position(), named);
  }

  /** The nearest of a type that was made before a position. */
  Optional<Named> before(String type, int position) {
    NavigableMap<Integer, Named> all = byType.get(type);
    return all == null
        ? Optional.empty()
        : Optional.ofNullable(all.floorEntry(position)).map(Map.Entry::getValue);
  }
}
