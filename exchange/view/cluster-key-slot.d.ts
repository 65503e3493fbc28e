/** The types of the package cluster-key-slot, which brings none. Nothing of ours may be declared here. */
declare module 'cluster-key-slot' {
  /** The slot of Redis Cluster that a key lies in: of what stands between its first braces, if anything does. */
  export default function calculateSlot(key: string): number;
}
