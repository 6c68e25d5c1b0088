/** Imports go one way: support → ir → arch → analysis → dsl, frontend, p4info, lower → control → targets, runtime → cli. */
const outside = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { pathNot: allowed, path: '^(compiler|runtime|targets|cli|examples|test|bench)/' },
});

/**
 * The floors of the runtime, each with those that it stands on. The core reaches its data plane by messages, so the switch
 * knows no interpreter; only entry points on Node and the command know gRPC.
 */
const floors = {
  'data-plane': [],
  p4runtime: [],
  pcap: [],
  interpreter: ['data-plane'],
  switch: ['data-plane', 'p4runtime'],
  client: ['data-plane', 'p4runtime', 'interpreter', 'switch'],
  entries: ['p4runtime', 'client'],
  stf: ['data-plane', 'client'],
  testing: ['client', 'stf'],
  grpc: ['p4runtime', 'switch', 'client'],
};

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    outside('support-is-the-base', '^compiler/support/', '^compiler/support/'),
    outside('ir-needs-support', '^compiler/ir/', '^compiler/(support|ir)/'),
    outside('arch-needs-ir', '^compiler/arch/', '^compiler/(support|ir|arch)/'),
    outside('analysis-needs-arch', '^compiler/analysis/', '^compiler/(support|ir|arch|analysis)/'),
    outside('dsl-needs-analysis', '^compiler/dsl/', '^compiler/(support|ir|arch|analysis|dsl)/'),
    outside('frontend-needs-analysis', '^compiler/frontend/', '^compiler/(support|ir|arch|analysis|frontend)/'),
    // What a target is (target.ts) names P4Info.
    outside('lower-needs-analysis', '^compiler/lower/', '^compiler/(support|ir|arch|analysis|lower)/|^compiler/(binding|target)\\.ts$'),
    outside('p4info-needs-analysis', '^compiler/p4info/', '^compiler/(support|ir|arch|analysis|p4info)/'),
    outside('control-needs-p4info', '^compiler/control/', '^compiler/(support|ir|arch|analysis|p4info|control)/'),
    outside('compiler-stands-alone', '^compiler/', '^compiler/'),
    outside('targets-need-the-compiler', '^targets/', '^(compiler|targets)/'),
    outside('runtime-needs-the-compiler', '^runtime/', '^(compiler|runtime)/'),
    ...Object.entries(floors).map(([floor, below]) =>
      outside(`floor-of-${floor}`, `^runtime/${floor}/`, `^(compiler|runtime/(${[floor, ...below].join('|')}))/`),
    ),
    outside('browser-needs-no-cli', '^browser/', '^(compiler|runtime|targets|browser)/'),
    outside('cli-comes-last', '^cli/', '^(compiler|runtime|targets|cli)/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'default'] },
  },
};
