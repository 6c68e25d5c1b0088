/** Names that core.p4 and v1model.p4 declare, whether or not p4ts makes use of them: a program's own must differ. */
export const includedNames: readonly string[] = (
  'packet_in packet_out verify static_assert NoAction PortId_t standard_metadata_t CounterType MeterType HashAlgorithm CloneType ' +
  'counter direct_counter meter direct_meter register action_profile action_selector Checksum16 random digest mark_to_drop hash ' +
  'verify_checksum update_checksum verify_checksum_with_payload update_checksum_with_payload clone clone3 ' +
  'clone_preserving_field_list resubmit resubmit_preserving_field_list recirculate recirculate_preserving_field_list truncate ' +
  'assert assume log_msg Parser VerifyChecksum Ingress Egress ComputeChecksum Deparser V1Switch'
).split(' ');
