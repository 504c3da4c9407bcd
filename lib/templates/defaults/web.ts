/** Name and text of the template that new environments begin with. Its placeholders are those of ../context.ts. */
export const WEB_TEMPLATE_NAME = "web";

export const WEB_TEMPLATE = `{#- One workload that answers HTTP on the component's port.
    Values are written as JSON, quotes included: write {{ image }}, not "{{ image }}". #}
{%- set config = component.key ~ "-config" %}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ config }}
data:
  APP_ENV: {{ environment }}
{%- for name, value in variables|items %}
{%- if name != "PORT" and name != "APP_ENV" %}
  {{ name }}: {{ value }}
{%- endif %}
{%- endfor %}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ component.key }}
spec:
  selector:
    app.kubernetes.io/part-of: {{ project }}
    app.kubernetes.io/name: {{ component.key }}
    refract.dev/environment: {{ environment }}
  ports:
    - name: http
      port: 80
      targetPort: http
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ component.key }}
spec:
  replicas: {{ replicas }}
  revisionHistoryLimit: 5
  progressDeadlineSeconds: 300
  selector:
    matchLabels:
      app.kubernetes.io/part-of: {{ project }}
      app.kubernetes.io/name: {{ component.key }}
      refract.dev/environment: {{ environment }}
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 1
      maxUnavailable: 0
  template:
    metadata:
      annotations:
        refract.dev/config: {{ configChecksum }}
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 15
      containers:
        - name: app
          image: {{ image }}
          ports:
            - name: http
              containerPort: {{ component.port }}
          env:
            - name: PORT
              value: {{ component.port|string }}
          envFrom:
            - configMapRef:
                name: {{ config }}
{%- if secretName %}
            - secretRef:
                name: {{ secretName }}
{%- endif %}
          resources: {{ resources }}
          securityContext:
            allowPrivilegeEscalation: false
          startupProbe:
            httpGet:
              path: /healthz
              port: http
            periodSeconds: 1
            failureThreshold: 60
          readinessProbe:
            httpGet:
              path: /healthz
              port: http
            periodSeconds: 2
          livenessProbe:
            httpGet:
              path: /healthz
              port: http
            periodSeconds: 10
            failureThreshold: 3
`;
