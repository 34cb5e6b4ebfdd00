package org.millrace.delivery;

import java.util.Optional;
import java.util.Set;
import org.millrace.hl7.SenderProfile;
import org.millrace.hl7.V2Message;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.MappingContext;
import org.millrace.mapping.MappingRun;

/** The mapping of the files under {@code mappings/}. Thread-safe. */
record CompiledMapping(Mapper mapper) implements MessageMapping {

  @Override
  public Set<String> messageTypes() {
    return mapper.mappings().messageTypes();
  }

  @Override
  public Optional<String> authority(
      String namespaceId, String universalId, String universalIdType) {
    return mapper.mappings().namespaces().uri(namespaceId, universalId, universalIdType);
  }

  @Override
  public boolean knows(String sender, String table, String code, String text) {
    return mapper.mappings().knows(sender, table, code, text);
  }

  @Override
  public SenderProfile sender(String sender) {
    return mapper.mappings().sender(sender);
  }

  @Override
  public MessageMapping ofTenant(String name) {
    return new CompiledMapping(mapper.ofTenant(name));
  }

  @Override
  public MappingRun map(V2Message message, MappingContext context) {
    return mapper.map(message, context);
  }
}
