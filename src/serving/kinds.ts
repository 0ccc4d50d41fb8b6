import { groupOf } from './target.ts'

/**
 * What is known of kinds that no target reads.
 *
 * neutral: neither runs pods nor routes to a model. later: serves, and this version does not read it.
 * elsewhere: brings in what stands elsewhere. serves: runs pods or routes, and is bound by no version.
 */
export type KnownKind = 'neutral' | 'later' | 'elsewhere' | 'serves'

/** Kinds by API group; the core group is empty. What is not here is not neutral. */
const KINDS: Readonly<Record<KnownKind, Readonly<Record<string, readonly string[]>>>> = {
  neutral: {
    '': [
      'Service',
      'ConfigMap',
      'Secret',
      'ServiceAccount',
      'Namespace',
      'PersistentVolumeClaim',
      'PersistentVolume',
      'ResourceQuota',
      'LimitRange',
    ],
    'networking.k8s.io': ['NetworkPolicy'],
    policy: ['PodDisruptionBudget'],
    autoscaling: ['HorizontalPodAutoscaler'],
    'autoscaling.k8s.io': ['VerticalPodAutoscaler'],
    'keda.sh': ['ScaledObject', 'TriggerAuthentication'],
    'rbac.authorization.k8s.io': ['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'],
    'scheduling.k8s.io': ['PriorityClass'],
    'storage.k8s.io': ['StorageClass'],
    'monitoring.coreos.com': ['ServiceMonitor', 'PodMonitor', 'PrometheusRule', 'AlertmanagerConfig'],
    'external-secrets.io': ['ExternalSecret', 'SecretStore'],
    'bitnami.com': ['SealedSecret'],
    'cert-manager.io': ['Certificate', 'Issuer'],
    'security.istio.io': ['PeerAuthentication', 'AuthorizationPolicy', 'RequestAuthentication'],
    'flagger.app': ['MetricTemplate', 'AlertProvider'],
  },
  later: {
    'mlops.seldon.io': ['Model', 'Experiment', 'Pipeline'],
    'machinelearning.seldon.io': ['SeldonDeployment'],
    'argoproj.io': ['Rollout', 'Experiment'],
    'flagger.app': ['Canary'],
    'ray.io': ['RayService', 'RayCluster'],
    'serving.yatai.ai': ['BentoDeployment'],
    batch: ['CronJob'],
  },
  elsewhere: {
    'argoproj.io': ['Application', 'ApplicationSet', 'AppProject'],
    'kustomize.config.k8s.io': ['Kustomization', 'Component'],
    'kustomize.toolkit.fluxcd.io': ['Kustomization'],
    'helm.toolkit.fluxcd.io': ['HelmRelease'],
    'source.toolkit.fluxcd.io': ['GitRepository', 'OCIRepository', 'Bucket', 'HelmRepository', 'HelmChart'],
    'helm.cattle.io': ['HelmChart', 'HelmChartConfig'],
  },
  serves: {
    '': ['Pod', 'ReplicationController', 'PodTemplate'],
    apps: ['StatefulSet', 'DaemonSet', 'ReplicaSet'],
    batch: ['Job'],
    'serving.kserve.io': [
      'InferenceGraph',
      'ServingRuntime',
      'ClusterServingRuntime',
      'TrainedModel',
      'LLMInferenceService',
      'LLMInferenceServiceConfig',
      'ClusterStorageContainer',
    ],
    'serving.knative.dev': ['Service', 'Configuration', 'Route', 'Revision'],
    'networking.k8s.io': ['Ingress'],
    'networking.istio.io': ['VirtualService', 'DestinationRule', 'ServiceEntry', 'EnvoyFilter', 'Gateway'],
    'gateway.networking.k8s.io': ['Gateway', 'HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute', 'ReferenceGrant'],
  },
}

/** What is known of a kind; null for kinds that nobody has listed. */
export function knownKind(apiVersion: string, kind: string): KnownKind | null {
  const group = groupOf(apiVersion)
  for (const [known, groups] of Object.entries(KINDS) as [KnownKind, Readonly<Record<string, readonly string[]>>][]) {
    if (Object.hasOwn(groups, group) && groups[group]!.includes(kind)) return known
  }
  return null
}

/** API groups whose every kind is about serving models, wherever such an object stands. */
const MODEL_GROUPS = ['serving.kserve.io', 'mlops.seldon.io', 'machinelearning.seldon.io', 'serving.yatai.ai']

/** Whether an object of this kind serves models and nothing else. */
export function servesModels(apiVersion: string, kind: string): boolean {
  return MODEL_GROUPS.includes(groupOf(apiVersion)) || (groupOf(apiVersion) === 'ray.io' && kind === 'RayService')
}
