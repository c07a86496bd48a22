# One image, four jobs: web, worker, beat and the loops. docker-compose.yml says which.
FROM node:24-slim AS assets
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts

FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /src
COPY requirements.txt ./
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
COPY --from=assets /src/node_modules ./node_modules
RUN python -c "import casework.assets as assets; assets.copy_served()" && rm -rf node_modules
RUN useradd --system --no-create-home casework
USER casework
EXPOSE 8000
CMD ["gunicorn", "-c", "python:casework.gunicorn_conf"]
